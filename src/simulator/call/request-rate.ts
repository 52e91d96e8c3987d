import { type Instant, SECOND } from '../../calendar/instant.ts';

/** Limits of the requests that are answered. */
export interface RequestRate {
  /** So many a second in the long run. */
  readonly perSecond: number;
  /** So many at one moment, after a pause. */
  readonly burst: number;
}

/** A bucket of permissions to make a request, which fills up with time. */
export class RateLimit {
  #rate: RequestRate;
  #left: number;
  #filledAt: Instant | undefined;

  constructor(rate: RequestRate) {
    this.#rate = rate;
    this.#left = rate.burst;
  }

  set(rate: RequestRate): void {
    this.#rate = rate;
    this.#left = rate.burst;
  }

  /** Takes one permission; false when none is left. */
  take(now: Instant): boolean {
    const { perSecond, burst } = this.#rate;
    const gained = ((now - (this.#filledAt ?? now)) / SECOND) * perSecond;
    this.#left = Math.min(burst, this.#left + gained);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
