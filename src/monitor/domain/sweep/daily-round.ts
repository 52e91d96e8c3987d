import { DAY, type Instant, instant, later } from '../../../calendar/instant.ts';
import { mayUsePrevious } from '../rotation/previous-version.ts';
import { hasReplicas, isReplica, type Secret } from '../secret/secret.ts';

/** Whether the list leaves open something about the secret that only further calls can show. */
export const needsDailyCheck = (secret: Secret): boolean =>
  secret.deletedAt === undefined && !isReplica(secret) && (hasReplicas(secret) || mayUsePrevious(secret));

/** The state and limits of a round. */
interface Round {
  /** Checks that were due up to then were made; undefined before the first round. */
  readonly checkedUntil: Instant | undefined;
  readonly now: Instant;
  /** Most secrets to check in this sweep. */
  readonly most: number;
}

interface Due {
  readonly secret: Secret;
  /** Milliseconds after the beginning of the round. */
  readonly after: number;
}

/**
 * Picks the secrets whose daily check is due in this sweep. The hash of its ARN decides at which time of the day a
 * secret is due, so that nothing need be remembered of single secrets and the checks spread over the sweeps of a day.
 * Of more than may be checked the earliest are taken, and the next sweep goes on from there.
 */
export class DailyRound {
  readonly #beginsAt: Instant;
  readonly #lengthMs: number;
  readonly #round: Round;
  /** In order of time; never more than may be checked. */
  readonly #due: Due[] = [];
  #firstLeftOut = Number.POSITIVE_INFINITY;

  constructor(round: Round) {
    this.#round = round;
    this.#beginsAt = beginning(round);
    this.#lengthMs = round.now - this.#beginsAt;
  }

  /** The secrets to check, earliest first. */
  get due(): readonly Secret[] {
    return this.#due.map(({ secret }) => secret);
  }

  /** Up to when everything due has been checked once {@link DailyRound.due} is. */
  get checkedUntil(): Instant {
    const { now } = this.#round;
    return instant(Math.min(now, this.#beginsAt + this.#firstLeftOut - 1));
  }

  /** Takes a secret into account. */
  offer(secret: Secret): void {
    const after = this.#timeAfterBeginning(secret.arn);
    if (after > this.#lengthMs) return;
    const at = this.#due.findLastIndex((known) => known.after <= after) + 1;
    this.#due.splice(at, 0, { secret, after });
    if (this.#due.length <= this.#round.most) return;
    const leftOut = this.#due.pop();
    this.#firstLeftOut = Math.min(this.#firstLeftOut, leftOut?.after ?? this.#firstLeftOut);
  }

  /** From 1 to a day: what was due at the very beginning was checked then. */
  #timeAfterBeginning(arn: string): number {
    const timeOfDay = Math.floor(fractionOf(arn) * DAY);
    return ((timeOfDay - (this.#beginsAt % DAY) - 1 + 2 * DAY) % DAY) + 1;
  }
}

/** A round that lags behind by more than a day begins at the same time of a later day: one check a day is enough. */
function beginning({ checkedUntil, now }: Round): Instant {
  if (checkedUntil === undefined) return later(now, -DAY);
  const daysLate = Math.floor((now - checkedUntil) / DAY);
  return later(checkedUntil, Math.max(0, daysLate - 1) * DAY);
}

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** A number from 0 to 1 (without it) that an ARN always has: FNV-1a, 32 bits, mixed once more. Not for security. */
function fractionOf(arn: string): number {
  let hash = OFFSET;
  for (let index = 0; index < arn.length; index++) {
    hash = Math.imul(hash ^ arn.charCodeAt(index), PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
