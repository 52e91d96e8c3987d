import type { DescribeSecretResponse } from '@aws-sdk/client-secrets-manager';
import { DAY, HOUR, type Instant, instant, later } from '../../src/calendar/instant.ts';
import { deployMonitor, type MonitorPlan, planMonitor } from '../../src/proving/player/monitor.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';

/** A schedule of a secret, and the time at which it was set. */
export interface SetSchedule {
  readonly at: Instant;
  readonly expression: string;
}

/** Options of a simulated quarter. */
export interface QuarterOptions {
  readonly secrets: number;
  readonly seed: number;
  /** Share of the events that are lost. */
  readonly drop: number;
}

/** A quarter that was played to its end. */
export interface PlayedQuarter {
  readonly simulator: Simulator;
  readonly plan: MonitorPlan;
  /** ARN of every secret there ever was. */
  readonly arns: readonly string[];
  /** ARN → the schedules that the secret was given, in order. */
  readonly schedules: ReadonlyMap<string, readonly SetSchedule[]>;
  readonly from: Instant;
  readonly to: Instant;
}

/** The monitor is deployed at midnight of this day. */
const START: Instant = instant(Date.UTC(2025, 11, 30));
/** The quarter itself begins two days later. */
const FROM: Instant = instant(Date.UTC(2026, 0, 1));
const TO: Instant = instant(Date.UTC(2026, 3, 1));
/** The last day on which something is done to a secret. */
const LAST_DAY = 80;
/** No secret rotates twice between two sweeps: the second of two lost successes would hide the first. */
const SWEEP_EVERY_MS: number = 6 * HOUR;

const SCHEDULES = [
  'cron(0 2 ? * MON,THU *)',
  'rate(7 days)',
  'rate(30 days)',
  'cron(0 3 ? * SUN *)',
  'rate(10 days)',
];
/** Fails at every secret from {@link BREAKS_ON} until {@link REPAIRED_ON}, so that windows are missed. */
const BREAKING = 'rotate-until-it-breaks';
const FUNCTIONS = ['rotate', 'rotate-slowly', 'rotate-sometimes', BREAKING];
const BREAKS_ON = 30;
const REPAIRED_ON = 45;

/** Lets a monitor watch a fleet through a quarter in which secrets are made, changed, deleted and restored. */
export async function playQuarter({ secrets, seed, drop }: QuarterOptions): Promise<PlayedQuarter> {
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed, skipsWireFormats: true });
  const { secretsManager, eventBridge } = simulator;
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  secretsManager.functions.register({ name: 'rotate-slowly', behaviour: 'slow' });
  secretsManager.functions.register({ name: 'rotate-sometimes', behaviour: 'flaky', times: 2 });
  secretsManager.functions.register({ name: BREAKING, behaviour: 'healthy' });
  const arns = Array.from({ length: secrets }, (_, index) => seeded(simulator, index));
  const schedules = new Map(arns.map((arn, index) => [arn, [{ at: START, expression: scheduleOf(index) }]]));
  const set = ({ arn, expression }: GivenSchedule): void => {
    schedules.set(arn, [...(schedules.get(arn) ?? []), { at: clock.now(), expression }]);
  };
  const plan = planMonitor(simulator.home, { sweepEveryMs: SWEEP_EVERY_MS });
  await deployMonitor(simulator, plan);
  eventBridge.setFaults({ drop });
  await clock.advanceTo(FROM);
  for (let day = 0; day < LAST_DAY; day++) {
    await clock.advanceTo(later(FROM, day * DAY + 13 * HOUR + 7_000));
    if (day === BREAKS_ON) secretsManager.functions.register({ name: BREAKING, behaviour: 'error' });
    if (day === REPAIRED_ON) await repair(simulator);
    for (const deed of deedsOf(day, secrets)) {
      const given = await done(simulator, deed, arns);
      if (given !== undefined) set(given);
      if (given !== undefined && deed.kind === 'create') arns.push(given.arn);
    }
  }
  await clock.advanceTo(later(TO, 2 * HOUR));
  return { simulator, plan, arns, schedules, from: FROM, to: TO };
}

const scheduleOf = (index: number): string => SCHEDULES[index % SCHEDULES.length] ?? 'rate(30 days)';

function seeded({ secretsManager }: Simulator, index: number): string {
  return secretsManager.seed({
    name: `prod/${String(index).padStart(4, '0')}`,
    kind: 'function',
    function: FUNCTIONS[index % FUNCTIONS.length] ?? 'rotate',
    schedule: scheduleOf(index),
    createdAt: later(START, -100 * DAY),
    lastRotatedAt: later(START, -1 * DAY + index * 60_000),
  }).arn;
}

/** Repairs the function, takes away the versions that it has left pending, and rotates their secrets again. */
async function repair(simulator: Simulator): Promise<void> {
  const { functions, secrets } = simulator.secretsManager;
  functions.register({ name: BREAKING, behaviour: 'healthy' });
  for (const { arn: SecretId } of secrets()) {
    const { pending, rotationFunction } = await lookAt(simulator, SecretId);
    if (pending === undefined || !rotationFunction.endsWith(BREAKING)) continue;
    const label = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: pending };
    await simulator.call('secretsmanager', 'UpdateSecretVersionStage', label, 'operator');
    const ClientRequestToken = `quarter-repair-${SecretId.slice(-12)}-${simulator.clock.now()}`;
    await simulator.call('secretsmanager', 'RotateSecret', { SecretId, ClientRequestToken }, 'operator');
  }
}

/** Returns the version of a secret that is pending and not in use, and the ARN of its function. */
async function lookAt(
  simulator: Simulator,
  SecretId: string,
): Promise<{ readonly pending: string | undefined; readonly rotationFunction: string }> {
  const described = await simulator.call('secretsmanager', 'DescribeSecret', { SecretId }, 'operator');
  const { VersionIdsToStages = {}, RotationLambdaARN = '' } = described as DescribeSecretResponse;
  const pending = Object.entries(VersionIdsToStages).find(
    ([, stages]) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'),
  );
  return { pending: pending?.[0], rotationFunction: RotationLambdaARN };
}

/** Something that is done to a secret. */
type Deed =
  | {
      readonly kind: 'reschedule' | 'delete' | 'force-delete' | 'restore' | 'off' | 'rotate' | 'tag';
      readonly index: number;
    }
  | { readonly kind: 'create'; readonly index: number };

/** Deeds are spread evenly over days and secrets, some ten of each kind for every fifty secrets. */
function deedsOf(day: number, secrets: number): readonly Deed[] {
  return Array.from({ length: Math.ceil(secrets / 50) }, (_, block) => block * 50).flatMap((first) => {
    const at = (offset: number): number => first + offset;
    const deeds: Readonly<Record<number, readonly Deed[]>> = {
      5: [
        { kind: 'reschedule', index: at(2) },
        { kind: 'create', index: at(0) },
      ],
      12: [
        { kind: 'delete', index: at(10) },
        { kind: 'tag', index: at(3) },
      ],
      15: [
        { kind: 'restore', index: at(10) },
        { kind: 'off', index: at(11) },
      ],
      20: [
        { kind: 'delete', index: at(12) },
        { kind: 'rotate', index: at(7) },
      ],
      25: [
        { kind: 'force-delete', index: at(13) },
        { kind: 'create', index: at(1) },
      ],
      33: [
        { kind: 'reschedule', index: at(21) },
        { kind: 'rotate', index: at(22) },
      ],
      40: [
        { kind: 'rotate', index: at(11) },
        { kind: 'create', index: at(2) },
      ],
      50: [
        { kind: 'force-delete', index: at(24) },
        { kind: 'reschedule', index: at(2) },
      ],
      60: [
        { kind: 'delete', index: at(25) },
        { kind: 'create', index: at(3) },
      ],
      78: [
        { kind: 'delete', index: at(26) },
        { kind: 'off', index: at(27) },
      ],
    };
    return deeds[day] ?? [];
  });
}

/** A schedule that a secret was given. */
interface GivenSchedule {
  readonly arn: string;
  readonly expression: string;
}

/** The schedule of secrets that are made within the quarter. */
const FIRST_SCHEDULE = 'rate(5 days)';
const NEW_SCHEDULE = 'rate(4 days)';

async function done(
  simulator: Simulator,
  { kind, index }: Deed,
  arns: readonly string[],
): Promise<GivenSchedule | undefined> {
  const SecretId = arns[index] ?? '';
  const call = (operation: string, input: object): Promise<unknown> =>
    simulator.call('secretsmanager', operation, { ...input }, 'operator');
  const token = `quarter-${kind}-${index}-${simulator.clock.now()}-token`;
  /** AWS refuses RotateSecret then; in a large fleet some secret rotates at any time. */
  const isUnderWay = async (): Promise<boolean> => (await lookAt(simulator, SecretId)).pending !== undefined;
  switch (kind) {
    case 'create': {
      const made = await call('CreateSecret', {
        Name: `new/${index}`,
        SecretString: '{"a":"b"}',
        ClientRequestToken: token,
      });
      const arn = (made as { readonly ARN: string }).ARN;
      await call('RotateSecret', {
        SecretId: arn,
        ClientRequestToken: `${token}-2`,
        RotationLambdaARN: simulator.secretsManager.functions.find('rotate')?.arn,
        RotationRules: { ScheduleExpression: FIRST_SCHEDULE },
        RotateImmediately: true,
      });
      return { arn, expression: FIRST_SCHEDULE };
    }
    case 'reschedule':
      if (await isUnderWay()) return undefined;
      await call('RotateSecret', {
        SecretId,
        ClientRequestToken: token,
        RotationRules: { ScheduleExpression: NEW_SCHEDULE },
        RotateImmediately: false,
      });
      return { arn: SecretId, expression: NEW_SCHEDULE };
    case 'rotate':
      if (await isUnderWay()) return undefined;
      await call('RotateSecret', { SecretId, ClientRequestToken: token });
      return undefined;
    case 'off':
      await call('CancelRotateSecret', { SecretId });
      return undefined;
    case 'tag':
      await call('TagResource', { SecretId, Tags: [{ Key: 'rotation-monitor:owner', Value: 'payments' }] });
      return undefined;
    case 'delete':
      await call('DeleteSecret', { SecretId, RecoveryWindowInDays: 7 });
      return undefined;
    case 'force-delete':
      await call('DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true });
      return undefined;
    case 'restore':
      await call('RestoreSecret', { SecretId });
      return undefined;
  }
}
