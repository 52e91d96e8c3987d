import { DAY, HOUR, MINUTE } from '../../calendar/instant.ts';
import { AT_SET, BEFORE_SET, type FailureMode, GRACE, STUCK } from './failure-mode.ts';

/** F19 to F34, and the cases that must never be reported. */
export const OTHER_FAILURES: Readonly<Record<string, FailureMode>> = {
  F19: {
    ...BEFORE_SET,
    what: 'Rotation was switched on before the secret had a value',
    credentialInUse: 'broken',
    advice: 'store a value that works',
  },
  F20: { what: 'A step fails once and the retry succeeds', told: [], remark: 'A flake, counted.' },
  F20b: { what: 'testSecret fails once and the retry succeeds', told: [], remark: 'A flake, counted.' },
  F21: {
    what: 'AWSPENDING is removed while the function works on the version',
    told: [{ code: 'pending-abandoned', severity: 'HIGH', withinMs: 6 * MINUTE }],
    step: 'setSecret',
    credentialInUse: 'may-be-dead',
    advice: 'prove that AWSCURRENT still logs in',
    remark: 'Nothing is reported when setSecret had not begun.',
  },
  F22: {
    what: 'Rotation is switched off and no event arrives',
    told: [{ code: 'rotation-silently-disabled', severity: 'MEDIUM', withinMs: 22 * MINUTE }],
    credentialInUse: 'unknown',
    advice: 'Find out who switched rotation off',
  },
  F23: {
    what: 'The secret has never rotated',
    told: [{ code: 'rotation-overdue', severity: 'MEDIUM', withinMs: GRACE }],
    credentialInUse: 'unknown',
    advice: 'lets secretsmanager.amazonaws.com invoke it',
  },
  F24: {
    what: 'The rotation window passed and nothing was tried',
    told: [{ code: 'rotation-overdue', severity: 'MEDIUM', withinMs: GRACE }],
    credentialInUse: 'unknown',
    advice: 'lets secretsmanager.amazonaws.com invoke it',
  },
  F25: {
    what: 'A rotation that RDS manages fails',
    told: [{ ...STUCK, withinMs: GRACE }],
    credentialInUse: 'unknown',
    advice: '"impaired" means that RDS cannot rotate it',
  },
  F26: {
    what: 'A rotation that a partner manages fails',
    told: [{ ...STUCK, withinMs: GRACE }],
    credentialInUse: 'unknown',
    advice: 'leave the labels alone',
  },
  F27: {
    what: 'The copy in another region cannot be brought in sync after a rotation',
    told: [{ code: 'replication-failed', severity: 'MEDIUM', withinMs: 3 * MINUTE }],
    credentialInUse: 'good',
    advice: 'Then replicate again',
    remark: 'One alert on the primary, whatever number of regions. Without events a daily check finds it.',
  },
  F27b: {
    what: 'The copying to another region does not end',
    told: [{ code: 'replication-failed', severity: 'MEDIUM', withinMs: HOUR + 6 * MINUTE }],
    credentialInUse: 'good',
    advice: 'ask AWS Support',
  },
  F28: {
    what: 'The rotation succeeded and something asks for AWSPREVIOUS on a later day',
    told: [{ code: 'previous-version-in-use', severity: 'LOW', withinMs: DAY + 6 * MINUTE, isDaily: true }],
    credentialInUse: 'unknown',
    advice: 'CloudTrail shows each request',
    remark:
      'AWS reports the day of the last request, not who asked. Only where rotations are a week apart or more.',
  },
  F28b: {
    what: 'The rotation succeeded and a consumer with a lease goes on with the old version',
    told: [{ code: 'invalidation-unconfirmed', severity: 'LOW', withinMs: GRACE }],
    credentialInUse: 'good',
    advice: 'read the secret again',
    remark: 'MEDIUM after a day. Consumers write leases as [leases](leases.md) says.',
  },
  F29: {
    what: 'Two rotators work on one secret: the second puts its value during a rotation',
    told: [],
    remark: 'Explained in the runbook of `pending-abandoned`.',
  },
  F30: {
    ...BEFORE_SET,
    what: 'The quota of versions is used up',
    remark: 'Only the log distinguishes it from F13. Explained in the runbook of `rotation-failed`.',
  },
  F31: {
    ...AT_SET,
    what: "Alternating users: the administrator's secret cannot be read",
    credentialInUse: 'good',
  },
  F32: {
    what: 'Secrets Manager has stopped trying: due for two days, no attempt for three',
    told: [{ code: 'rotation-retries-exhausted', severity: 'HIGH', withinMs: 6 * MINUTE }],
    credentialInUse: 'unknown',
    advice: 'prove that AWSCURRENT still logs in',
    remark: 'It was past its threshold when the monitor saw it first.',
  },
  F33: {
    what: 'A test of the settings fails (RotateImmediately=false)',
    told: [{ code: 'test-rotation-failed', severity: 'LOW', withinMs: MINUTE }],
    step: 'testSecret',
    credentialInUse: 'unknown',
    advice: 'Then test again',
  },
  F34: {
    what: 'A reader asks another region or account and sees an old version',
    told: [],
    remark: 'The secret is healthy; nothing in Secrets Manager shows it.',
  },
  N1: { what: 'AWSPENDING stays on the version that is AWSCURRENT', told: [], remark: 'Healthy.' },
  N2: { what: 'The passing pending version of a test that succeeds', told: [], remark: 'Healthy.' },
  N3: { what: 'A slow rotation within its threshold', told: [], remark: 'Healthy.' },
  N4: { what: 'A managed rotation within its threshold', told: [], remark: 'Healthy.' },
  N5: { what: 'A replica with an old pending version', told: [], remark: 'Its primary speaks for it.' },
  N6: {
    what: 'A silenced secret whose rotation fails',
    told: [],
    remark: 'The silence itself is announced once.',
  },
  N7: {
    what: 'A copy to another region that takes 50 minutes',
    told: [],
    remark: 'Healthy: the threshold is an hour.',
  },
};
