import type { Datapoint } from '../domain/metric.ts';
import { freshTarget, type TargetRecord } from '../domain/secret-state.ts';
import { type SweepTally, tallyDatapoints } from '../domain/sweep-tally.ts';
import { CatalogError } from '../ports/secret-catalog.ts';
import { type CountingCatalog, countingCatalog } from './counting-catalog.ts';
import { noteUnreachable, reachableAgain } from './note-unreachable.ts';
import type { Service } from './service.ts';
import { type SuspectReport, Sweep } from './sweep.ts';
import { updateTarget } from './update-target.ts';

/** What sweeping needs of the service. */
export type Sweeping = Pick<Service, 'clock' | 'catalog' | 'store' | 'queue' | 'metrics' | 'settings'>;

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
    return report(sweep, catalog, failure);
  }
  await sweep.takeAbsent();
  if (sweep.errors.length === 0) await complete(service, sweep, record);
  await metrics.record(
    [
      ...tallyDatapoints(sweep.tally),
      { name: 'SweepHeartbeat', value: 1 },
      { name: 'SweepDuration', value: clock.now() - startedAt },
      { name: 'SweepApiCalls', value: catalog.calls() },
    ] satisfies readonly Datapoint[],
    startedAt,
  );
  if (sweep.errors.length > 0)
    throw new AggregateError(sweep.errors, `${sweep.errors.length} secrets could not be checked`);
  return report(sweep, catalog, undefined);
}

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

/** Ends a sweep that saw everything: the baseline is complete, what is off is remembered, what was left unsaid is driven on. */
async function complete(service: Sweeping, sweep: Sweep, record: TargetRecord): Promise<void> {
  const { store, queue, clock, settings } = service;
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
  if ((await store.undelivered()).length > 0) await queue.wake(0);
}
