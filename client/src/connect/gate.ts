import { untilAborted } from '../cache/cache-options.ts';

/** Time that a log-in proves a credential good enough for several log-ins at once, in milliseconds. */
const PROVEN_MS = 1_000;

/** Most log-ins at once with a credential that has just been proven. */
const MOST_AT_ONCE = 3;

/** Number of waiting log-ins that allows one more at once. */
const WAITING_FOR_ANOTHER = 10;

/**
 * Lets log-ins of one secret pass one at a time. Where many wait, a credential that has logged in within the last
 * second lets up to three pass at once. So a password that has just changed costs a refusal or two and locks no
 * account.
 */
export class Gate {
  readonly #provenAt = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #inside = 0;
  #version: string | undefined;

  /** Enters with a version, if there is room. */
  enter(versionId: string): boolean {
    if (this.#inside > 0) {
      const proven =
        performance.now() - (this.#provenAt.get(versionId) ?? Number.NEGATIVE_INFINITY) < PROVEN_MS;
      const most = Math.min(MOST_AT_ONCE, 1 + Math.floor(this.#waiting.size / WAITING_FOR_ANOTHER));
      if (!proven || this.#version !== versionId || this.#inside >= most) return false;
    }
    this.#inside++;
    this.#version = versionId;
    return true;
  }

  /** Leaves; who waits looks again. */
  leave(): void {
    this.#inside--;
    this.wake();
  }

  /** Takes note of a log-in. Only the version that works is remembered. */
  proven(versionId: string): void {
    if (!this.#provenAt.has(versionId)) this.#provenAt.clear();
    this.#provenAt.set(versionId, performance.now());
  }

  /** Takes note of a refusal. */
  refused(versionId: string): void {
    this.#provenAt.delete(versionId);
  }

  /** Lets all who wait look again. */
  wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Waits until something changes, at most `ms`. @throws The signal's reason. */
  async change(ms: number, signal: AbortSignal | undefined): Promise<void> {
    let look: () => void = () => undefined;
    let timer: NodeJS.Timeout | undefined;
    const changed = new Promise<void>((resolve) => {
      look = resolve;
      timer = setTimeout(resolve, ms);
      this.#waiting.add(look);
    });
    try {
      await untilAborted(changed, signal);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }
}
