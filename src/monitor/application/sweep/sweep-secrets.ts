import { type Instant, later } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import type { HealthSight } from '../../domain/alert/health.ts';
import type { Datapoint } from '../../domain/metric.ts';
import type { Target } from '../../domain/secret/secret.ts';
import { freshTarget, type TargetRecord } from '../../domain/state/secret-state.ts';
import { freshSweepRecord, type SweepRecord } from '../../domain/sweep/sweep-result.ts';
import { fleetGauges, isSwept } from '../../domain/sweep/sweep-tally.ts';
import { SweepQueueError } from '../../ports/sweep/sweep-queue.ts';
import { DeadLetterWatchError } from '../../ports/watch/dead-letter-watch.ts';
import { type Heartbeat, HeartbeatError } from '../../ports/watch/heartbeat.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';
import { findMembers } from '../target/watched-targets.ts';
import { noteHealth } from '../tell/note-health.ts';
import { Waiting } from '../tell/waiting.ts';
import type { SweepReport } from './sweep-report.ts';
import type { SweepRun } from './sweep-run.ts';
import { type SweepingTarget, sweepTarget } from './sweep-target.ts';
import { watchAudit, watchItself } from './watch-itself.ts';

/** Parts of the service that the scheduled sweep uses. */
export type Sweeping = SweepingTarget &
  Pick<
    Service,
    | 'accounts'
    | 'auditStarter'
    | 'subscriptions'
    | 'escalationSubscriptions'
    | 'deadLetters'
    | 'healthNotifier'
    | 'heartbeat'
  >;

/** A sweep that time does not stop. */
const UNHURRIED: SweepRun = {
  id: 'sweep',
  handOverAt: undefined,
  onPage: () => undefined,
  reportsFindings: true,
};
/** Records read in parallel. */
const RECORDS_AT_ONCE = 10;

/**
 * Runs the scheduled sweep: has the other accounts and regions swept, sweeps the home target, publishes the gauges of
 * all of them, and checks the alert path itself. Fails at the end when any part failed.
 */
export async function sweepSecrets(service: Sweeping, given: Partial<SweepRun> = {}): Promise<SweepReport> {
  const run = { ...UNHURRIED, ...given };
  const home = service.settings.target;
  const startedAt = service.clock.now();
  const members = await findMembers(service);
  const unsent = await askForSweeps(service, members.targets, startedAt);
  const report = await sweepTarget(service, run, { target: home, askedAt: startedAt, progress: undefined });
  const fleet = await fleetRecords(service, members.targets, report.record);
  const errors = [...unsent, ...fleet.errors, ...report.errors];
  const isAlive = isHomeSwept(service, fleet.records, report);
  if (isAlive && errors.length === 0) await driveOnDeadLetters(service, report.before);
  const seen = [...members.datapoints, ...(await lookAtItself(service, report.before))];
  if (await mayPublish(service, run.id)) {
    await service.metrics.record(
      [...gauges(service, { records: fleet.records, watched: [home, ...members.targets], isAlive }), ...seen],
      startedAt,
    );
  }
  if (errors.length > 0) throw new AggregateError(errors, whatFailed(unsent, report));
  if (isAlive) await sendHeartbeat(service);
  return report;
}

/** Answers why requests were not taken; the next sweep of the schedule asks again. */
async function askForSweeps(
  { sweepQueue }: Pick<Service, 'sweepQueue'>,
  targets: readonly Target[],
  askedAt: Instant,
): Promise<readonly SweepQueueError[]> {
  try {
    if (targets.length > 0) {
      await sweepQueue?.send(targets.map((target) => ({ target, askedAt, progress: undefined })));
    }
    return [];
  } catch (error) {
    if (error instanceof SweepQueueError) return [error];
    throw error;
  }
}

/** Reads the records of all targets' sweeps; that of the home target is known if it was swept just now. */
async function fleetRecords(
  { store, settings }: Pick<Service, 'store' | 'settings'>,
  members: readonly Target[],
  home: SweepRecord | undefined,
): Promise<{ readonly records: readonly SweepRecord[]; readonly errors: readonly unknown[] }> {
  const records: SweepRecord[] = home === undefined ? [] : [home];
  const targets = home === undefined ? [settings.target, ...members] : members;
  const errors = await forEachLimited(targets, RECORDS_AT_ONCE, async (target) => {
    records.push((await store.readSweep(target)) ?? freshSweepRecord(target));
  });
  return { records, errors };
}

/** Whether the home target is swept. An account so large that its first sweep is under way for long counts as swept. */
function isHomeSwept(
  { settings, clock }: Sweeping,
  records: readonly SweepRecord[],
  { outcome }: SweepReport,
): boolean {
  const { account, region } = settings.target;
  const home = records.find((each) => each.account === account && each.region === region);
  if (home === undefined) return false;
  const isUnderWay = outcome === 'handed-over' || outcome === 'busy';
  return isSwept(home, { ...settings, now: clock.now() }) || (home.last === undefined && isUnderWay);
}

/** The records of all targets. */
interface FleetSeen {
  readonly records: readonly SweepRecord[];
  readonly watched: readonly Target[];
  /** Whether the home target is swept. */
  readonly isAlive: boolean;
}

const gauges = (
  { settings, clock }: Sweeping,
  { records, watched, isAlive }: FleetSeen,
): readonly Datapoint[] => [
  ...fleetGauges(records, {
    ...settings,
    now: clock.now(),
    hasMembers: settings.members.length > 0,
    watched,
  }),
  ...(isAlive ? [{ name: 'SweepHeartbeat' as const, value: 1 }] : []),
];

/** The schedule may fire twice; whoever comes within half an interval of the last publishes nothing. */
function mayPublish({ store, clock, settings }: Sweeping, holder: string): Promise<boolean> {
  const now = clock.now();
  return store.acquireLock({
    name: 'gauges',
    holder,
    now,
    until: later(now, settings.sweepIntervalMs / 2),
  });
}

/** Drives on what was left unsaid, and looks at the alert path itself. Answers the gauges. */
async function lookAtItself(
  service: Sweeping,
  known: TargetRecord | undefined,
): Promise<readonly Datapoint[]> {
  const home = service.settings.target;
  const record = known ?? (await service.store.readTarget(home)) ?? freshTarget(home);
  const waiting = new Waiting(service.store, 0);
  await waiting.read();
  const unsaid = waiting.notifications;
  const toName = record.naming.some(({ at }) => at <= service.clock.now());
  if (unsaid.length > 0 || toName) await service.queue.wake(0);
  const audit = await watchAudit(service, record.baselineAt);
  return [...(await watchItself(service, { record, unsaid })), ...audit];
}

function whatFailed(unsent: readonly SweepQueueError[], { errors }: SweepReport): string {
  const [first] = unsent;
  return first?.message ?? `${plural(errors.length, 'secret')} could not be checked`;
}

/**
 * Notifies the watcher outside AWS, where there is one, that a sweep is complete. A watcher that is not there stops
 * nothing; the health topic is notified once, at once where the address is wrong, else when it lasts.
 */
async function sendHeartbeat(service: Sweeping): Promise<void> {
  const { heartbeat, store, settings } = service;
  if (heartbeat === undefined) return;
  const sight = await beat(service, heartbeat);
  const record = (await store.readTarget(settings.target)) ?? freshTarget(settings.target);
  await noteHealth(service, { by: 'heartbeat', sights: [sight], record });
}

async function beat(service: Sweeping, heartbeat: Heartbeat): Promise<HealthSight> {
  const { metrics, clock, log, settings } = service;
  try {
    await heartbeat.beat();
    return { code: 'heartbeat-unheard', holds: false };
  } catch (error) {
    if (!(error instanceof HeartbeatError)) throw error;
    const { reason, message, retryable } = error;
    log({ level: 'warn', message, details: { reason } });
    const failed: Datapoint = { name: 'HeartbeatsFailed', value: 1, dimensions: { Reason: reason } };
    await metrics.record([failed], clock.now());
    const at = settings.heartbeatUrlParameter === undefined ? [] : [settings.heartbeatUrlParameter];
    return { code: 'heartbeat-unheard', holds: true, seen: `${message}.`, at, mayPass: retryable };
  }
}

/**
 * Has what an outage left in the dead-letter queues tried once more, after a sweep that worked: what failed for want of
 * a service then works now. An earlier sweep has reported them; what fails again stays for those to look at.
 */
async function driveOnDeadLetters(
  { deadLetters, log }: Pick<Service, 'deadLetters' | 'log'>,
  record: TargetRecord | undefined,
): Promise<void> {
  const isKnown = record?.health.some(({ code, overAt }) => code === 'dead-letters' && overAt === undefined);
  if (deadLetters === undefined || isKnown !== true) return;
  try {
    const messages = await deadLetters.driveOn();
    if (messages > 0) log({ level: 'info', message: 'Drove dead letters on', details: { messages } });
  } catch (error) {
    if (!(error instanceof DeadLetterWatchError)) throw error;
    log({ level: 'error', message: 'Cannot drive dead letters on', details: { reason: error.reason } });
  }
}
