import { DAY, HOUR, later, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import type { FailureCause } from '../../src/simulator/secrets-manager/rotation/rotation-function.ts';
import type { RotationStep } from '../../src/simulator/secrets-manager/store/version-stages.ts';
import { BESIDE_ROTATION, PATIENT_COPY } from './beside-plays.ts';
import { START } from './deployed.ts';
import {
  afterwards,
  call,
  changing,
  happening,
  leftover,
  missing,
  NAME,
  type Play,
  putValue,
  type Rotator,
  rotate,
  rotating,
  seed,
  takeLabelOff,
} from './failure-mode-stage.ts';

const HEALTHY: Rotator = { behaviour: 'healthy' };
/** A function that is healthy but for a cause, which arises where it does by itself unless a step is given. */
const by = (cause: FailureCause, step?: RotationStep): Rotator => ({
  ...HEALTHY,
  cause,
  ...(step !== undefined && { step }),
});
const REFUSED = by('login-refused');
const BROKEN = by('code-broken', 'setSecret');
const SLOW: Rotator = { behaviour: 'slow' };
const ALTERNATING = { tags: { 'rotation-monitor:strategy': 'alternating-users' } };
const RETIRED: Rotator = { ...by('code-broken', 'createSecret'), configuration: { runtime: 'python3.9' } };
const THROTTLED = { ReservedConcurrentExecutions: 0 };
const QUIET_MS: number = 30 * MINUTE;

/** Asks Secrets Manager to test the settings of {@link NAME}. */
const tested = (rotator: Rotator): Play =>
  happening(
    (simulator) => seed(simulator, rotator),
    (simulator) => rotate(simulator, { RotateImmediately: false }),
    QUIET_MS,
  );

const managed = (managedFails: boolean): Play =>
  happening(
    ({ secretsManager }) => {
      secretsManager.seed({ name: NAME, kind: 'managed', schedule: 'cron(0 12 * * ? *)', duration: '1h' });
      secretsManager.configure(NAME, { managedFails });
    },
    (simulator) => rotate(simulator),
    QUIET_MS,
  );

const partner: Play = happening(
  () => undefined,
  async (simulator) => {
    const SecretString = '{"username":"app","password":"made-up"}';
    const Type = 'SnowflakeKeyPairAuthentication';
    await call(simulator, 'CreateSecret', {
      Name: NAME,
      SecretId: undefined,
      Type,
      SecretString,
      ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000003',
    });
    simulator.secretsManager.configure(NAME, { managedFails: true });
    return rotate(simulator, { RotationRules: { ScheduleExpression: 'cron(0 12 * * ? *)', Duration: '1h' } });
  },
  QUIET_MS,
);

const oldReplica: Play = happening(
  ({ secretsManager }) =>
    secretsManager.seed({
      name: NAME,
      kind: 'replica',
      versions: [
        { stages: ['AWSCURRENT'], createdAt: later(START, -40 * DAY) },
        { stages: ['AWSPENDING'], createdAt: later(START, -2 * DAY) },
      ],
    }),
  undefined,
  QUIET_MS,
);

/** Twelve secrets behind one function that cannot start. */
const fleet: Play = happening(
  (simulator) => {
    seed(simulator, RETIRED);
    for (let index = 1; index < 12; index++) seed(simulator, RETIRED, { name: `${NAME}-${index}` });
  },
  async (simulator) => {
    for (const { name } of [...simulator.secretsManager.secrets()]) {
      await rotate(simulator, { SecretId: name });
    }
    return simulator.clock.now();
  },
  75 * MINUTE,
);

/** Plays of the failure modes in `src/proving/failure-modes/failure-mode-table.ts`. */
export const PLAYS: Readonly<Record<string, Play>> = {
  F1: rotating(by('time-out', 'createSecret')),
  F2: rotating(by('time-out', 'testSecret'), { forMs: 25 * MINUTE }),
  F3: rotating(by('time-out', 'setSecret')),
  F3b: rotating(by('database-stopped')),
  F3c: rotating(by('account-locked')),
  F4: rotating(by('password-changed')),
  F5: rotating(REFUSED, { forMs: 25 * MINUTE }),
  F5b: rotating(by('code-broken', 'finishSecret'), { forMs: 25 * MINUTE }),
  F5c: rotating({ ...REFUSED, alternatesUsers: true }, { secret: ALTERNATING }),
  F5d: rotating(by('database-away', 'testSecret'), { forMs: 25 * MINUTE }),
  F5e: rotating(by('key-denied', 'testSecret'), { forMs: 25 * MINUTE }),
  F6: rotating(BROKEN, {
    secret: { duration: '8h', tags: { 'rotation-monitor:stuck-after': '6h' } },
    forMs: 4 * HOUR,
  }),
  F7: leftover(1),
  F8: rotating(SLOW, { next: afterwards(3 * MINUTE, 'CancelRotateSecret'), forMs: 15 * MINUTE }),
  F8b: rotating(REFUSED, { next: afterwards(50 * SECOND, 'CancelRotateSecret'), forMs: 15 * MINUTE }),
  F9: rotating(by('key-denied'), { next: afterwards(10 * MINUTE, 'DeleteSecret'), forMs: QUIET_MS }),
  F10: rotating(SLOW, { next: putValue(MINUTE), forMs: QUIET_MS }),
  F10b: rotating(by('database-away'), { next: putValue(50 * SECOND), forMs: 15 * MINUTE }),
  F11: rotating(HEALTHY, { next: changing('DeleteFunction') }),
  F11b: rotating(HEALTHY, { next: changing('RemovePermission', { StatementId: 'SecretsManagerAccess' }) }),
  F12: rotating(HEALTHY, {
    next: async (simulator) => {
      const beganAt = await changing('PutFunctionConcurrency', THROTTLED)(simulator);
      simulator.clock.schedule(
        later(beganAt, 5 * MINUTE),
        async () => void (await changing('DeleteFunctionConcurrency')(simulator)),
      );
      return beganAt;
    },
    forMs: QUIET_MS,
  }),
  F12b: rotating(HEALTHY, { next: changing('PutFunctionConcurrency', THROTTLED) }),
  F13: rotating(by('key-denied')),
  F14: rotating(BROKEN),
  F15: fleet,
  F16: rotating(by('value-lacks-key')),
  F17: rotating(by('database-away')),
  F18: rotating({ ...HEALTHY, assumedRole: 'rotator-of-another-account' }, { forMs: 15 * MINUTE }),
  F19: rotating(HEALTHY, { secret: { versions: [] } }),
  F20: rotating({ ...by('database-away'), times: 1 }, { forMs: QUIET_MS }),
  F20b: rotating({ ...by('database-away', 'testSecret'), times: 1 }, { forMs: QUIET_MS }),
  F21: rotating(SLOW, { next: takeLabelOff, forMs: 15 * MINUTE }),
  F22: happening(
    (simulator) => seed(simulator, HEALTHY),
    (simulator) => {
      simulator.eventBridge.setFaults({ drop: 1 });
      return afterwards(0, 'CancelRotateSecret')(simulator);
    },
    30 * MINUTE,
  ),
  F23: missing({}),
  F24: missing({ lastRotatedAt: later(START, -DAY) }),
  F25: managed(true),
  F26: partner,
  ...BESIDE_ROTATION,
  F29: rotating(SLOW, { next: putValue(MINUTE), forMs: QUIET_MS }),
  F30: rotating(by('code-broken', 'createSecret')),
  F31: rotating({ ...BROKEN, alternatesUsers: true }, { secret: ALTERNATING }),
  F32: leftover(3, { nextRotationAt: later(START, -2 * DAY) }),
  F33: tested(by('account-locked')),
  F34: happening((simulator) => seed(simulator, HEALTHY), undefined, QUIET_MS),
  N1: rotating(HEALTHY, {
    next: async ({ secretsManager, clock }) => {
      secretsManager.configure(NAME, { leavesPending: true });
      return clock.now();
    },
  }),
  N2: tested(HEALTHY),
  N3: rotating(SLOW, { forMs: QUIET_MS }),
  N4: managed(false),
  N5: oldReplica,
  N6: rotating(by('key-denied'), {
    secret: {
      tags: {
        'rotation-monitor:silence-until': '2026-11-20',
        'rotation-monitor:silence-reason': 'moving house',
      },
    },
    forMs: QUIET_MS,
  }),
  N7: PATIENT_COPY,
};
