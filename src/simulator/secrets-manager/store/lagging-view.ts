import { type Instant, later } from '../../../calendar/instant.ts';
import type { Random } from '../../call/random.ts';
import type { Secret, SecretState } from './secret.ts';

/** How a secret looks until a change of it is visible. */
interface Lagging {
  readonly state: SecretState | undefined;
  readonly visibleAt: Instant;
}

/** Secrets as one kind of read shows them: perhaps as they were a moment ago. */
export class LaggingView {
  readonly #lagging = new Map<Secret, Lagging>();
  readonly #random: Random;

  /** Most milliseconds by which the view lags behind, each change by chance; 0 for a view that does not. */
  delayMs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Notes that a secret changes at `now`; `before` is undefined for a new one. */
  note(secret: Secret, before: SecretState | undefined, now: Instant): void {
    if (this.delayMs <= 0) return;
    const lagging = this.#lagging.get(secret);
    if (lagging !== undefined && lagging.visibleAt > now) return;
    const visibleAt = later(now, this.#random.below(this.delayMs) + 1);
    this.#lagging.set(secret, { state: before, visibleAt });
  }

  /** What is seen of a secret at `now`; undefined while a new secret is not yet visible. */
  stateOf(secret: Secret, now: Instant): SecretState | undefined {
    const lagging = this.#lagging.get(secret);
    if (lagging === undefined) return secret.state;
    if (lagging.visibleAt > now) return lagging.state;
    this.#lagging.delete(secret);
    return secret.state;
  }

  /** Forgets a secret that is removed for good. */
  forget(secret: Secret): void {
    this.#lagging.delete(secret);
  }
}
