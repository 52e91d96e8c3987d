import { targetKey } from '../../domain/secret/secret.ts';
import { freshTarget, type TargetRecord, targetSubject } from '../../domain/state/secret-state.ts';
import { comparedAll, type MovesProgress } from '../../domain/sweep/moves-round.ts';
import type { SweepRequest } from '../../domain/sweep/sweep-request.ts';
import { freshSweepRecord, type SweepRecord } from '../../domain/sweep/sweep-result.ts';
import { PortError } from '../../ports/failure.ts';
import { CatalogError, type SecretCatalog, type SecretPage } from '../../ports/look/secret-catalog.ts';
import { type Examining, examiner } from '../look/examiner.ts';
import type { Service } from '../service.ts';
import { wakesOfOneRun } from '../tell/wakes-of-one-run.ts';
import { completeSweep, noteListed, rememberAsked } from './complete-sweep.ts';
import { type CountingCatalog, countingCatalog } from './counting-catalog.ts';
import { type FindingLost, lostEvidence } from './find-lost-evidence.ts';
import { handOver } from './hand-over.ts';
import { type KeptLock, keptLock } from './kept-lock.ts';
import { notePopulation } from './note-history.ts';
import { noteUnreachable } from './note-unreachable.ts';
import { type Settling, settleSweep } from './settle-sweep.ts';
import { Sweep } from './sweep.ts';
import { blankReport, pagesReport, type SweepReport } from './sweep-report.ts';
import type { SweepRun } from './sweep-run.ts';

/** Parts of the service that sweep one target. */
export type SweepingTarget = Settling & Examining & FindingLost & Pick<Service, 'leaseStore' | 'sweepQueue'>;

/**
 * One pass over every secret of the target that the service looks at: the net under the events. It is alone at it, and
 * memory does not grow with the fleet. What takes longer than there is time for is handed over.
 */
export async function sweepTarget(
  service: SweepingTarget,
  run: SweepRun,
  request: SweepRequest,
): Promise<SweepReport> {
  const { store, metrics, clock } = service;
  const sweepId = request.progress?.sweepId ?? run.id;
  const lock = keptLock(service, { name: `sweep#${targetKey(request.target)}`, holder: sweepId });
  if (!(await lock.take())) {
    await metrics.record([{ name: 'SweepsOverlapped', value: 1 }], clock.now());
    return blankReport('busy');
  }
  let report: SweepReport | undefined;
  try {
    const known = (await store.readSweep(request.target)) ?? freshSweepRecord(request.target);
    report = isSuperseded(known, request)
      ? blankReport('superseded')
      : await pass(service, { run, request, sweepId, lock, known });
    return report;
  } finally {
    if (report?.outcome !== 'handed-over') await lock.release();
  }
}

/** Whether the target was swept since, or another invocation has taken the sweep further. */
function isSuperseded({ last, handOver }: SweepRecord, { askedAt, progress }: SweepRequest): boolean {
  if (progress === undefined) return last !== undefined && last.startedAt > askedAt;
  if (last !== undefined && last.startedAt >= progress.startedAt) return true;
  if (handOver === undefined || handOver.startedAt < progress.startedAt) return false;
  return handOver.startedAt > progress.startedAt || handOver.hop > progress.hop;
}

interface Pass {
  readonly run: SweepRun;
  readonly request: SweepRequest;
  readonly sweepId: string;
  readonly lock: KeptLock;
  readonly known: SweepRecord;
}

async function pass(service: SweepingTarget, given: Pass): Promise<SweepReport> {
  const { store } = service;
  const { run, request, lock, known } = given;
  const { target, progress } = request;
  if (progress !== undefined) {
    const { startedAt, hop } = progress;
    await store.writeSweep({ ...known, handOver: { startedAt, hop } });
  }
  const catalog = countingCatalog(service.catalog);
  const looking = {
    ...service,
    queue: wakesOfOneRun(service),
    examine: examiner(service),
    lostEvidence: lostEvidence(service),
  };
  const record = (await store.readTarget(target)) ?? freshTarget(target);
  const { sweep, isTargetTold } = await begun({ ...looking, catalog }, { ...given, record });
  const end = await takePages(service, sweep, { catalog, lock, run, from: progress?.nextToken });
  return ended(looking, sweep, { ...given, catalog, record, isTargetTold, end });
}

/** A sweep that has what it begins with. The open states are in its hands alone: it lets go of those that it has checked. */
async function begun(
  service: ConstructorParameters<typeof Sweep>[0],
  { run, request, known, record }: Pass & { readonly record: TargetRecord },
): Promise<{ readonly sweep: Sweep; readonly isTargetTold: boolean }> {
  const { target, progress } = request;
  const { reportsFindings } = run;
  const open = await service.store.open(target);
  return {
    sweep: new Sweep(service, {
      record,
      open,
      moves: movesOf(known),
      currents: known.currents,
      sights: known.sights,
      progress,
      reportsFindings,
      lastStartedAt: known.last?.startedAt,
    }),
    isTargetTold: open.some(({ subject }) => subject === targetSubject(target)),
  };
}

/** Records of before moves were compared know the last sweep alone. */
const movesOf = ({ moves, last }: SweepRecord): MovesProgress | undefined =>
  moves ?? (last && comparedAll(last.startedAt));

interface Ended extends Pass {
  readonly catalog: CountingCatalog;
  readonly record: TargetRecord;
  /** Whether an alert about the target itself is open. */
  readonly isTargetTold: boolean;
  readonly end: PassEnd;
}

async function ended(service: SweepingTarget, sweep: Sweep, given: Ended): Promise<SweepReport> {
  const { end, record } = given;
  switch (end.kind) {
    case 'lost':
      return { ...blankReport('busy'), ...pagesReport(sweep, given) };
    case 'failed':
      await noteUnreachable(service, record, end.failure);
      return {
        ...blankReport('unreachable'),
        ...pagesReport(sweep, given),
        failure: end.failure,
        record: await noteFailing(service, given.known),
      };
    case 'hand-over':
      return left(service, sweep, { ...given, nextToken: end.nextToken });
    case 'all':
      return finished(service, sweep, given);
  }
}

async function noteFailing({ store, clock }: SweepingTarget, known: SweepRecord): Promise<SweepRecord> {
  if (known.failingSince !== undefined) return known;
  const record = { ...known, failingSince: clock.now() };
  await store.writeSweep(record);
  return record;
}

async function left(
  service: SweepingTarget,
  sweep: Sweep,
  given: Ended & { readonly nextToken: string },
): Promise<SweepReport> {
  const { lock, request, catalog } = given;
  const settled = await settleSweep(service, sweep, request.progress);
  const leaving = { ...given, settled, apiCalls: catalog.calls() };
  const outcome = (await handOver(service, sweep, { lock, leaving })) ? 'handed-over' : 'given-up';
  if (outcome === 'given-up') giveUp(service, request);
  return { ...blankReport(outcome), ...pagesReport(sweep, given, settled) };
}

function giveUp({ log }: SweepingTarget, { target, progress }: SweepRequest): void {
  const { account, region } = target;
  const details = { account, region, times: progress?.hop ?? 0 };
  log({ level: 'error', message: 'A sweep was handed over too often', details });
}

async function finished(service: SweepingTarget, sweep: Sweep, given: Ended): Promise<SweepReport> {
  const { catalog, request } = given;
  const { progress } = request;
  await sweep.takeAbsent();
  await noteListed(service, given);
  const isListed = await keepPopulation(service, sweep, given);
  const failed = sweep.failures.errors.length + (progress?.failed ?? 0);
  if (failed === 0) await completeSweep(service, sweep, given);
  const settled = await settleSweep(service, sweep, progress);
  await rememberAsked(service, settled);
  const apiCalls = catalog.calls() + (progress?.apiCalls ?? 0);
  const { startedAt, tally } = sweep;
  const last = { startedAt, endedAt: service.clock.now(), tally, apiCalls };
  const record = {
    ...freshSweepRecord(request.target),
    last,
    moves: settled.moves,
    currents: settled.currents,
    sights: settled.sights,
    listedAt: isListed ? startedAt : given.known.listedAt,
  };
  await service.store.writeSweep(record);
  return { ...blankReport('complete'), ...pagesReport(sweep, given, settled), record };
}

/** Keeps which secrets came and went; false when that failed, so that the next sweep does it. */
async function keepPopulation(service: SweepingTarget, sweep: Sweep, given: Ended): Promise<boolean> {
  const { listed: sketch, tally, startedAt } = sweep;
  try {
    await notePopulation(
      { ...service, catalog: given.catalog },
      { sketch, secrets: tally.observed, startedAt, lastAt: given.known.listedAt },
    );
    return true;
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    sweep.failures.note([error]);
    return false;
  }
}

/** The end of reading a list: at its last page, or before. */
type PassEnd =
  | { readonly kind: 'all' }
  /** Time runs out. */
  | { readonly kind: 'hand-over'; readonly nextToken: string }
  /** Another sweep of the target has begun. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly failure: CatalogError };

/** The catalog, lock and starting point of reading a list. */
interface Reading {
  readonly catalog: SecretCatalog;
  readonly lock: KeptLock;
  readonly run: SweepRun;
  /** Token of the page to start from. */
  readonly from: string | undefined;
}

/** Takes the pages of the list one by one, without the canary: to the end, or as long as there is time. */
async function takePages(
  { clock, settings }: Pick<Service, 'clock' | 'settings'>,
  sweep: Sweep,
  { catalog, lock, run, from }: Reading,
): Promise<PassEnd> {
  try {
    for await (const { secrets, nextToken } of catalog.list({ from })) {
      await sweep.takePage(secrets.filter(({ arn }) => arn !== settings.canarySecretArn));
      run.onPage({ observed: sweep.tally.observed, suspects: sweep.suspects.length });
      const end = await stops(nextToken);
      if (end !== undefined) return end;
    }
    return { kind: 'all' };
  } catch (failure) {
    if (failure instanceof CatalogError) return { kind: 'failed', failure };
    throw failure;
  }

  async function stops(nextToken: SecretPage['nextToken']): Promise<PassEnd | undefined> {
    if (nextToken === undefined) return undefined;
    if (!(await lock.keep())) return { kind: 'lost' };
    const isLate = run.handOverAt !== undefined && clock.now() >= run.handOverAt;
    return isLate ? { kind: 'hand-over', nextToken } : undefined;
  }
}
