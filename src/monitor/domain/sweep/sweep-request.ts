import type { Instant } from '../../../calendar/instant.ts';
import type { Target } from '../secret/secret.ts';
import type { MovesProgress } from './moves-round.ts';
import type { SweepTally } from './sweep-result.ts';

/** Progress of a sweep that another invocation continues. */
export interface SweepProgress {
  /** The same in all invocations of the sweep. */
  readonly sweepId: string;
  readonly startedAt: Instant;
  /** Number of hand-overs of the sweep, this one included. */
  readonly hop: number;
  /** Token of the ListSecrets page to continue with. */
  readonly nextToken: string;
  readonly tally: SweepTally;
  readonly apiCalls: number;
  /** Secrets that could not be checked so far. */
  readonly failed: number;
  /** Hashes of the secrets with an open alert that the list has shown. */
  readonly seen: readonly string[];
  /** Hashes of the secrets whose rotation is switched off. */
  readonly disabled: readonly string[];
  /** Rotations up to then were looked at for events that did not come. */
  readonly eventsCheckedUntil: Instant;
  /** Daily checks that were due up to then were made. */
  readonly dailyCheckedUntil: Instant;
  /** Progress in comparing the versions in use with the moves that applications were notified of. */
  readonly moves?: MovesProgress | undefined;
  /** Progress in noting the versions in use. */
  readonly currents?: MovesProgress | undefined;
  /** Progress in comparing the secrets with their last sight. */
  readonly sights?: MovesProgress | undefined;
  /** A sketch of the secrets that were listed. */
  readonly listed?: readonly number[] | undefined;
}

/** A request to sweep the secrets of one account and region. */
export interface SweepRequest {
  readonly target: Target;
  /** Time of the schedule's request. */
  readonly askedAt: Instant;
  /** Undefined at the beginning of a sweep. */
  readonly progress: SweepProgress | undefined;
}
