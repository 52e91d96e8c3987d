import type { SecretReadError } from '../errors.ts';

/** First pause after a failed read; it doubles with every further one. */
const FIRST_MS = 1_000;
/** Longest pause. */
const LONGEST_MS = 60_000;

/** A read that failed, and when it is worth another try. */
export interface Failure {
  readonly error: SecretReadError;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly retryAt: number;
}

/** Pauses per key after reads that failed for a reason that may pass. */
export class Backoff {
  readonly #failures = new Map<string, Failure>();
  readonly #max: number;
  readonly #random: () => number;

  constructor(max: number, random: () => number) {
    this.#max = max;
    this.#random = random;
  }

  /** The failure that still forbids a read of this key. */
  pause(key: string, now: number): Failure | undefined {
    const failure = this.#failures.get(key);
    // A clock that was set back would make a pause of hours.
    return failure !== undefined && now < failure.retryAt && failure.retryAt - now <= LONGEST_MS
      ? failure
      : undefined;
  }

  failed(key: string, error: SecretReadError, now: number): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - 1));
    this.#failures.delete(key);
    this.#failures.set(key, { error, count, retryAt: now + longest * (0.5 + this.#random() / 2) });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > this.#max && oldest !== undefined) this.ended(oldest);
  }

  ended(key: string): void {
    this.#failures.delete(key);
  }

  clear(): void {
    this.#failures.clear();
  }
}
