import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import type { Secret } from '../secret/secret.ts';

/** Progress of the sweeps in comparing lists with the moves that applications were notified of. */
export interface MovesProgress {
  /** Secrets that last changed before then need not be compared. */
  readonly since: Instant;
  /** A round that took more than one sweep may compare; undefined when all were compared. */
  readonly round: MovesRest | undefined;
}

/** The rest of a round. */
interface MovesRest {
  /** Start of the sweep that began the round. */
  readonly startedAt: Instant;
  /** Secrets up to this one, in the order of change and ARN, were compared in the round. */
  readonly after: { readonly changedAt: Instant; readonly arn: string };
  /** Whether a secret could not be compared. */
  readonly hasFailed: boolean;
}

/** Lists lag five minutes: a sweep looks twice as far behind the one before. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html */
const OVERLAP_MS: number = 10 * MINUTE;

/** Most secrets that one invocation of a sweep compares. */
const MOST_COMPARED = 500;

/** Returns the progress of a sweep that compared everything. */
export const comparedAll = (startedAt: Instant): MovesProgress => ({
  since: later(startedAt, -OVERLAP_MS),
  round: undefined,
});

/** A secret with the time of its last change. */
type Changed = Secret & { readonly lastChangedAt: Instant };

/**
 * Picks the secrets that changed since the last sweep, in the order of change. Of more than may be compared the first
 * are taken, and the next sweep goes on behind them.
 */
export class MovesRound {
  readonly #progress: MovesProgress | undefined;
  readonly #startedAt: Instant;
  readonly #most: number;
  /** In order; never more than may be compared. */
  readonly #due: Changed[] = [];
  #hasMore = false;

  /** `progress` is undefined before the first complete sweep: no notification was sent then. */
  constructor(
    progress: MovesProgress | undefined,
    { startedAt, most = MOST_COMPARED }: { readonly startedAt: Instant; readonly most?: number },
  ) {
    this.#progress = progress;
    this.#startedAt = startedAt;
    this.#most = most;
  }

  /** The secrets to compare. */
  get due(): readonly Secret[] {
    return this.#due;
  }

  /** Takes a secret of the list into account. */
  offer(secret: Secret): void {
    if (!hasChanged(secret) || secret.deletedAt !== undefined || !this.#isDue(secret)) return;
    const at = this.#due.findLastIndex((known) => compare(known, secret) <= 0) + 1;
    this.#due.splice(at, 0, secret);
    if (this.#due.length <= this.#most) return;
    this.#due.pop();
    this.#hasMore = true;
  }

  /** Returns the progress for the next sweep, once the due secrets were compared. */
  next(failures: number): MovesProgress {
    const { since, round } = this.#progress ?? comparedAll(this.#startedAt);
    const hasFailed = failures > 0 || round?.hasFailed === true;
    const startedAt = round?.startedAt ?? this.#startedAt;
    const last = this.#due.at(-1);
    if (this.#hasMore && last !== undefined) {
      const after = { changedAt: last.lastChangedAt, arn: last.arn };
      return { since, round: { startedAt, after, hasFailed } };
    }
    return hasFailed ? { since, round: undefined } : comparedAll(startedAt);
  }

  #isDue(secret: Changed): boolean {
    if (this.#progress === undefined || secret.lastChangedAt < this.#progress.since) return false;
    const after = this.#progress.round?.after;
    return after === undefined || compare({ lastChangedAt: after.changedAt, arn: after.arn }, secret) < 0;
  }
}

const hasChanged = (secret: Secret): secret is Changed => secret.lastChangedAt !== undefined;

type Place = Pick<Changed, 'lastChangedAt'> & { readonly arn: string };

function compare(a: Place, b: Place): number {
  if (a.lastChangedAt !== b.lastChangedAt) return a.lastChangedAt - b.lastChangedAt;
  return a.arn < b.arn ? -1 : Number(a.arn > b.arn);
}

/** Combines the progress of two invocations of one sweep: the one that is further behind decides. */
export function behindBoth(a: MovesProgress, b: MovesProgress | undefined): MovesProgress {
  if (b === undefined) return a;
  if (a.round === undefined || b.round === undefined) {
    const round = a.round ?? b.round;
    return { since: a.since < b.since ? a.since : b.since, round };
  }
  const first = isBefore(a.round, b.round) ? a.round : b.round;
  const hasFailed = a.round.hasFailed || b.round.hasFailed;
  return { since: a.since < b.since ? a.since : b.since, round: { ...first, hasFailed } };
}

const isBefore = (a: MovesRest, b: MovesRest): boolean =>
  compare(
    { lastChangedAt: a.after.changedAt, arn: a.after.arn },
    { lastChangedAt: b.after.changedAt, arn: b.after.arn },
  ) < 0;
