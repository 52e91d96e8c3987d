import type { TargetRecord } from '../../domain/state/secret-state.ts';
import { emptyTally, type SweepRecord, type SweepTally } from '../../domain/sweep/sweep-result.ts';
import type { CatalogError } from '../../ports/look/secret-catalog.ts';
import type { CountingCatalog } from './counting-catalog.ts';
import type { Settled } from './settle-sweep.ts';
import type { SuspectReport, Sweep } from './sweep.ts';

/** The result of one invocation of a sweep. */
export interface SweepReport {
  /**
   * `handed-over`: another invocation goes on. `busy`: another sweep is running. `superseded`: what was asked for is
   * done. `given-up`: handed over too often.
   */
  readonly outcome: 'complete' | 'unreachable' | 'handed-over' | 'busy' | 'superseded' | 'given-up';
  /** The reason why the secrets could not be listed; undefined when they were. */
  readonly failure: CatalogError | undefined;
  readonly tally: SweepTally;
  readonly suspects: readonly SuspectReport[];
  /** Calls to Secrets Manager, the daily checks left out. */
  readonly apiCalls: number;
  /** Calls to Secrets Manager that the daily checks made. */
  readonly dailyApiCalls: number;
  /** The errors that kept single secrets from being checked. */
  readonly errors: readonly unknown[];
  /** The record of the target before the sweep; undefined when it was not read. */
  readonly before: TargetRecord | undefined;
  /** The record of the target's sweeps now; undefined when it was not read. */
  readonly record: SweepRecord | undefined;
}

/** The report of an invocation that did nothing. */
export const blankReport = (outcome: SweepReport['outcome']): SweepReport => ({
  outcome,
  failure: undefined,
  tally: emptyTally,
  suspects: [],
  apiCalls: 0,
  dailyApiCalls: 0,
  errors: [],
  before: undefined,
  record: undefined,
});

/** The catalog and the record that an invocation used. */
interface Seen {
  readonly catalog: CountingCatalog;
  readonly record: TargetRecord;
}

/** Returns the part of a report about the pages that an invocation has taken. */
export const pagesReport = (
  sweep: Sweep,
  { catalog, record }: Seen,
  settled?: Settled,
): Omit<SweepReport, 'outcome' | 'failure' | 'record'> => ({
  before: record,
  tally: sweep.tally,
  suspects: together(sweep.suspects, settled?.daily.suspects ?? []),
  apiCalls: catalog.calls(),
  dailyApiCalls: settled?.daily.apiCalls ?? 0,
  errors: settled?.errors ?? sweep.failures.errors,
});

/** Joins two lists of reports; of two about one secret the later one counts. */
const together = (
  first: readonly SuspectReport[],
  later: readonly SuspectReport[],
): readonly SuspectReport[] => [
  ...first.filter(({ secretArn }) => later.every((each) => each.secretArn !== secretArn)),
  ...later,
];
