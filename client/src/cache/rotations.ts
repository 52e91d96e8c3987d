import { Listeners, type RotateListener } from './cache-events.ts';
import { mayBeSame } from './secret-id.ts';
import type { SecretValue } from './secret-value.ts';

/** Remembers which version was AWSCURRENT, and calls who wants to know when another one is. */
export class Rotations {
  readonly #last = new Map<string, string>();
  readonly #byId = new Map<string, Listeners<Parameters<RotateListener>>>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** Adds a listener for one secret, by any spelling of its id; the answer takes it away. */
  on(secretId: string, listener: RotateListener): () => void {
    const listeners = this.#byId.get(secretId) ?? new Listeners();
    this.#byId.set(secretId, listeners);
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.size === 0) this.#byId.delete(secretId);
    };
  }

  /** Takes note of an AWSCURRENT that was read; answers the version before, if that was another one. */
  seen({ ARN, VersionId }: SecretValue): string | undefined {
    const before = this.#last.get(ARN);
    if (before === VersionId) return undefined;
    this.#last.delete(ARN);
    this.#last.set(ARN, VersionId);
    const [oldest] = this.#last.keys();
    if (this.#last.size > this.#max && oldest !== undefined) this.#last.delete(oldest);
    return before;
  }

  /** Calls the listeners of a secret; `failed` is called for each that throws or rejects. */
  tell(value: SecretValue, previousVersionId: string, failed: () => void): void {
    for (const [secretId, listeners] of this.#byId)
      if (secretId === value.Name || mayBeSame(secretId, value.ARN))
        listeners.call([value, previousVersionId], failed);
  }

  clear(): void {
    this.#last.clear();
    this.#byId.clear();
  }
}
