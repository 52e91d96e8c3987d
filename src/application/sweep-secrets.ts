import type { Datapoint } from '../domain/metric.ts';
import { freshTarget, type TargetRecord } from '../domain/secret-state.ts';
import { type SweepTally, tallyDatapoints } from '../domain/sweep-tally.ts';
import { CatalogError } from '../ports/secret-catalog.ts';
import { type CountingCatalog, countingCatalog } from './counting-catalog.ts';
import { type EventCheck, findMissedEvents } from './find-missed-events.ts';
import { noteUnreachable, reachableAgain } from './note-unreachable.ts';
import { sendHeartbeat } from './send-heartbeat.ts';
import type { Service } from './service.ts';
import { type SuspectReport, Sweep } from './sweep.ts';
import { updateTarget } from './update-target.ts';
import { watchItself } from './watch-itself.ts';

/** What sweeping needs of the service. */
export type Sweeping = Pick<
  Service,
  | 'clock'
  | 'catalog'
  | 'store'
  | 'queue'
  | 'metrics'
  | 'settings'
  | 'log'
  | 'applicationBus'
  | 'subscriptions'
  | 'healthNotifier'
  | 'heartbeat'
>;

/** What a sweep saw. */
export interface SweepReport {
  /** Why the secrets could not be listed; undefined when they all were. */
  readonly failure: CatalogError | undefined;
  readonly tally: SweepTally;
  readonly suspects: readonly SuspectReport[];
  /** Calls to Secrets Manager. */
  readonly apiCalls: number;
}

/** Hears of the progress of a long sweep, page by page. */
export type OnPage = (progress: { readonly observed: number; readonly suspects: number }) => void;

/** So many hashes of 16 bytes fit into one item of 400 KB; a target with more is not compared from sweep to sweep. */
const MAX_DISABLED = 20_000;

/** One pass over every secret of the target: the net under the events. Memory does not grow with the fleet. */
export async function sweepSecrets(
  service: Sweeping,
  onPage: OnPage = () => undefined,
): Promise<SweepReport> {
  const startedAt = service.clock.now();
  const { store, settings, metrics, clock } = service;
  const catalog = countingCatalog(service.catalog);
  const record = (await store.readTarget(settings.target)) ?? freshTarget(settings.target);
  const sweep = new Sweep({ ...service, catalog }, record, await store.open(settings.target));
  const failure = await takePages(sweep, catalog, onPage);
  if (failure !== undefined) {
    await noteUnreachable(service, record, failure);
    await metrics.record(await lookAtItself(service, record), startedAt);
    return report(sweep, catalog, failure);
  }
  await sweep.takeAbsent();
  if (sweep.errors.length === 0) await complete(service, sweep, record);
  const events = await findMissedEvents(service, sweep.awaitingEvent, startedAt);
  await metrics.record(
    [
      ...tallyDatapoints(sweep.tally),
      { name: 'SweepHeartbeat', value: 1 },
      { name: 'SweepDuration', value: clock.now() - startedAt },
      { name: 'SweepApiCalls', value: catalog.calls() },
      ...events.datapoints,
      ...(await lookAtItself(service, record)),
    ] satisfies readonly Datapoint[],
    startedAt,
  );
  if (sweep.awaitingEvent.length > 0) await rememberChecked(service, events);
  const errors = [...sweep.errors, ...events.errors];
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} secrets could not be checked`);
  await sendHeartbeat(service);
  return report(sweep, catalog, undefined);
}

/** Drives on what was left unsaid, and looks at the alert path itself. Answers the gauges. */
async function lookAtItself(service: Sweeping, record: TargetRecord): Promise<readonly Datapoint[]> {
  const undelivered = await service.store.undelivered();
  if (undelivered.length > 0) await service.queue.wake(0);
  return watchItself(service, { record, undelivered });
}

/** Comes after the count: a crash between the two counts a missed event twice rather than never. */
const rememberChecked = ({ store, settings }: Sweeping, { checkedUntil }: EventCheck): Promise<void> =>
  updateTarget(store, settings.target, (current) =>
    (current.eventsCheckedUntil ?? 0) >= checkedUntil
      ? undefined
      : { ...current, eventsCheckedUntil: checkedUntil },
  );

async function takePages(
  sweep: Sweep,
  catalog: CountingCatalog,
  onPage: OnPage,
): Promise<CatalogError | undefined> {
  try {
    for await (const page of catalog.list()) {
      await sweep.takePage(page);
      onPage({ observed: sweep.tally.observed, suspects: sweep.suspects.length });
    }
    return undefined;
  } catch (error) {
    if (error instanceof CatalogError) return error;
    throw error;
  }
}

const report = (sweep: Sweep, catalog: CountingCatalog, failure: CatalogError | undefined): SweepReport => ({
  failure,
  tally: sweep.tally,
  suspects: sweep.suspects,
  apiCalls: catalog.calls(),
});

/** Ends a sweep that saw everything: the baseline is complete, what is off is remembered. */
async function complete(service: Sweeping, sweep: Sweep, record: TargetRecord): Promise<void> {
  const { store, clock, settings } = service;
  const disabled = sweep.disabled.length > MAX_DISABLED ? undefined : [...sweep.disabled].sort();
  if (record.baselineAt === undefined || disabled?.join() !== record.disabled?.join()) {
    await updateTarget(store, settings.target, (current) => ({
      ...current,
      disabled,
      baselineAt: current.baselineAt ?? clock.now(),
    }));
  }
  if (record.unreachableSince !== undefined) {
    await reachableAgain(service);
    await updateTarget(store, settings.target, (current) => ({ ...current, unreachableSince: undefined }));
  }
}
