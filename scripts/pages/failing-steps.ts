import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import {
  AFTER_SET,
  AT_SET,
  BEFORE_SET,
  FAILED,
  type FailureMode,
  GRACE,
  HUNG,
  SPLIT,
  STUCK,
} from './failure-mode.ts';

/** F1 to F18: rotations that fail at a step, or are stopped in the middle. */
export const FAILING_STEPS: Readonly<Record<string, FailureMode>> = {
  F1: {
    ...BEFORE_SET,
    what: 'The function cannot reach Secrets Manager and runs into its timeout',
    told: [{ ...FAILED, withinMs: GRACE + HUNG }, STUCK],
    remark: 'From F2 and F13 only the log tells it apart.',
  },
  F2: {
    ...AFTER_SET,
    what: "The function's timeout is too short for the step, here testSecret",
    told: [{ ...SPLIT, withinMs: SPLIT.withinMs + HUNG }],
    step: 'testSecret',
    remark: 'The step decides; that it was a timeout only the log tells.',
  },
  F3: {
    ...AT_SET,
    what: 'The function cannot reach the database',
    told: [{ ...FAILED, withinMs: GRACE + HUNG }, STUCK],
    remark: 'From F4 only the log tells it apart.',
  },
  F4: {
    ...AT_SET,
    what: 'The password was changed in the database behind the secret',
    remark: 'AWSCURRENT is dead; events do not show it, so the proof comes before anything else.',
  },
  F5: {
    ...AFTER_SET,
    what: 'The database took the new password and testSecret fails',
    step: 'testSecret',
  },
  F5b: {
    ...AFTER_SET,
    what: 'The database took the new password and finishSecret fails',
    step: 'finishSecret',
  },
  F5c: {
    ...AFTER_SET,
    what: 'testSecret fails where users alternate (tag `strategy`)',
    told: [{ ...SPLIT, severity: 'MEDIUM' }, STUCK],
    step: 'testSecret',
    credentialInUse: 'good',
  },
  F6: {
    ...AT_SET,
    what: 'The database refuses the pending value, which every retry brings again (threshold set to 6 h)',
    told: [FAILED, { code: 'rotation-will-not-heal', severity: 'HIGH', withinMs: 3 * HOUR + 50 * MINUTE }],
    remark: 'With the usual threshold it is `stuck-pending` before, and the change of the code is not told.',
  },
  F7: {
    what: 'An empty pending version was left behind and no event told of it',
    told: [{ ...STUCK, withinMs: 6 * MINUTE }],
    credentialInUse: 'unknown',
    advice: 'prove that AWSCURRENT still logs in',
    remark: 'It was older than its threshold when the monitor saw it first.',
  },
  F8: {
    what: 'CancelRotateSecret in the middle of a rotation',
    told: [{ code: 'rotation-cancelled', severity: 'MEDIUM', withinMs: MINUTE }],
    credentialInUse: 'unknown',
    advice: 'this also switches rotation on again',
  },
  F8b: {
    what: 'CancelRotateSecret after testSecret failed',
    told: [{ code: 'rotation-cancelled', severity: 'CRITICAL', withinMs: MINUTE }],
    step: 'testSecret',
    credentialInUse: 'may-be-dead',
    advice: 'proves nothing about the target',
  },
  F9: {
    what: 'The secret is scheduled for deletion with a version pending',
    told: [],
    remark: 'What was told before is resolved.',
  },
  F10: {
    what: 'RotationAbandoned: a value was put during a rotation, before setSecret failed',
    told: [],
    remark: 'Explained in the runbook of `pending-abandoned`.',
  },
  F10b: {
    what: 'RotationAbandoned: a value was put during a rotation, after setSecret had failed',
    told: [{ code: 'pending-abandoned', severity: 'HIGH', withinMs: MINUTE }],
    step: 'setSecret',
    credentialInUse: 'may-be-dead',
    advice: 'has to be reset by its administrator',
  },
  F11: {
    ...BEFORE_SET,
    what: 'The rotation function was deleted, or Secrets Manager may not invoke it',
    remark: 'Where AWS does not even try, it is F24.',
  },
  F12: {
    what: 'Invocations are throttled and the retries succeed',
    told: [],
    remark: 'A flake: counted in `RotationFlakes`. Explained in the runbook of `rotation-failed`.',
  },
  F13: { ...BEFORE_SET, what: 'The KMS key is denied', remark: 'The log names the key.' },
  F14: { ...AT_SET, what: 'The secret of the administrator is denied to the function' },
  F15: {
    ...BEFORE_SET,
    what: 'A broken package or a retired runtime: twelve secrets behind one function at once',
    remark: 'One message for all of them each time.',
  },
  F16: { ...BEFORE_SET, what: 'The value lacks a key that the function needs' },
  F17: { ...AT_SET, what: 'TLS or the host name does not fit' },
  F18: {
    what: 'The function puts the value under another role without the RotationToken',
    told: [{ code: 'rotation-will-not-heal', severity: 'HIGH', withinMs: MINUTE }],
    credentialInUse: 'unknown',
    advice: 'pass the RotationToken of its event to PutSecretValue',
  },
};
