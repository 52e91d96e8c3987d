import type { Instant } from '../../../calendar/instant.ts';
import type { Target } from '../secret/secret.ts';
import type { MovesProgress } from './moves-round.ts';
import type { SweepTally } from './sweep-result.ts';

/** How far a sweep has got that goes on in another invocation. */
export interface SweepProgress {
  /** The same in all invocations of the sweep. */
  readonly sweepId: string;
  readonly startedAt: Instant;
  /** How often the sweep was handed over, this time included. */
  readonly hop: number;
  /** Where ListSecrets goes on. */
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
  /** How far the versions in use were compared with what applications were told. */
  readonly moves?: MovesProgress | undefined;
  /** How far the versions in use were noted. */
  readonly currents?: MovesProgress | undefined;
}

/** That the secrets of one account and region are to be swept. */
export interface SweepRequest {
  readonly target: Target;
  /** When the schedule asked for it. */
  readonly askedAt: Instant;
  /** Undefined at the beginning of a sweep. */
  readonly progress: SweepProgress | undefined;
}
