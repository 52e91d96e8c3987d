import type { ReadFailure } from '../errors.ts';
import type { SecretValue } from './secret-value.ts';

/** Something a cache did, without any value. */
export type CacheEvent =
  | { readonly type: 'fetched'; readonly secretId: string; readonly versionId: string; readonly ms: number }
  | {
      readonly type: 'fetch-failed';
      readonly secretId: string;
      readonly reason: ReadFailure;
      readonly ms: number;
    }
  | {
      readonly type: 'stale-served';
      readonly secretId: string;
      readonly versionId: string;
      readonly ageMs: number;
    }
  | { readonly type: 'evicted'; readonly count: number }
  | { readonly type: 'invalidated'; readonly secretId: string | undefined }
  | { readonly type: 'rotated'; readonly secretId: string; readonly from: string; readonly to: string }
  | { readonly type: 'listener-failed'; readonly secretId: string };

/** Counts of a cache since it was made. */
export interface CacheStats {
  /** Reads answered from memory. */
  readonly hits: number;
  /** Reads that waited for a call. */
  readonly misses: number;
  /** Calls to the source. */
  readonly fetches: number;
  /** Calls that failed. */
  readonly failures: number;
  /** Reads answered with a value past its time, because the source failed. */
  readonly staleServed: number;
  /** Entries that left because there were too many. */
  readonly evictions: number;
  /** Entries held now. */
  readonly entries: number;
}

/** Called with the new value and the version id that was AWSCURRENT before. Nobody waits for its promise. */
export type RotateListener = (value: SecretValue, previousVersionId: string) => unknown;

/** Calls a function of the application; what it throws, or what its promise rejects with, stops nothing. */
export function callSafely(call: () => unknown, failed: () => void = () => undefined): void {
  try {
    // Of an asynchronous function the promise would be an unhandled rejection.
    Promise.resolve(call()).catch(failed);
  } catch {
    failed();
  }
}

/** Functions that are called one after the other; one that throws stops no other. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #listeners = new Set<(...args: Args) => unknown>();

  /** Adds a listener; the answer takes it away. */
  add(listener: (...args: Args) => unknown): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Calls all; `failed` is called for each that throws or rejects. */
  call(args: Args, failed?: () => void): void {
    for (const listener of [...this.#listeners]) callSafely(() => listener(...args), failed);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
