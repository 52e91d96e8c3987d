import { secretsManagerSource } from '../aws/secrets-manager-source.ts';
import { isReadError, SecretReadError } from '../errors.ts';
import { printAsJson } from '../redaction.ts';
import type { SecretSource } from '../source.ts';
import { batchReader } from './batch-reader.ts';
import { type CacheEvent, type CacheStats, Listeners, type RotateListener } from './cache-events.ts';
import {
  cacheRules,
  type GetOptions,
  type ManyValues,
  type SecretCacheOptions,
  untilAborted,
  wantedOf,
} from './cache-options.ts';
import type { Entries } from './entries.ts';
import type { Fetch, Wanted } from './flights.ts';
import { ReadThrough } from './read-through.ts';
import { Rotations } from './rotations.ts';
import type { SecretValue } from './secret-value.ts';

const CURRENT: GetOptions = Object.freeze({});

/**
 * A cache of secret values that is right through a rotation: one read for all who want the same, a refresh before
 * a value expires, driven by reads (so a frozen Lambda does nothing), and no value older than an invalidation.
 *
 * A read that fails for a passing reason (throttled, time-out, 5xx, network) serves the value held, for a bounded
 * time; any other failure (denied, deleted, key disabled) drops it and throws a {@link SecretReadError}.
 *
 * @example
 * const cache = new SecretCache({ ttlMs: 60_000 });
 * const { username } = (await cache.get('orders/db')).json() as { username: string };
 */
export class SecretCache implements AsyncDisposable {
  readonly #source: SecretSource;
  readonly #now: () => number;
  readonly #reads: ReadThrough;
  readonly #entries: Entries;
  readonly #rotations: Rotations;
  readonly #events = new Listeners<[CacheEvent]>();
  #hits = 0;
  #closed = false;

  static {
    printAsJson(SecretCache.prototype);
  }

  constructor(options: SecretCacheOptions = {}) {
    const rules = cacheRules(options);
    this.#source = options.source ?? secretsManagerSource(options.client);
    this.#now = rules.now;
    this.#rotations = new Rotations(rules.maxEntries);
    this.#reads = new ReadThrough(rules, {
      emit: (event) => void this.#events.call([event]),
      current: (value) => this.#current(value),
    });
    this.#entries = this.#reads.entries;
  }

  /**
   * Reads a secret, AWSCURRENT when neither stage nor version is given.
   *
   * @throws {SecretReadError}
   */
  get(secretId: string, options: GetOptions = CURRENT): Promise<SecretValue> {
    if (options === CURRENT) {
      const entry = this.#entries.use(secretId);
      if (entry !== undefined) {
        const now = this.#now();
        if (now < entry.refreshAt && now >= entry.readAt) {
          this.#hits++;
          return entry.promise;
        }
      }
    }
    const wanted = wantedOf(secretId, options);
    const fetch: Fetch = (id, signal) =>
      this.#source.read({ secretId: id, ...wanted.selector, refresh: wanted.forced }, signal);
    return this.#read(wanted, options.signal, fetch);
  }

  /** Reads AWSCURRENT of many secrets with few calls, to warm up. One that fails stops no other. */
  async getMany(
    secretIds: readonly string[],
    { signal }: Pick<GetOptions, 'signal'> = {},
  ): Promise<ManyValues> {
    const fetch = batchReader(this.#source);
    const values = new Map<string, SecretValue>();
    const errors = new Map<string, SecretReadError>();
    const readOne = async (secretId: string): Promise<void> => {
      try {
        values.set(secretId, await this.#read(wantedOf(secretId, CURRENT), signal, fetch));
      } catch (error) {
        if (!isReadError(error)) throw error;
        errors.set(secretId, error);
      }
    };
    await Promise.all([...new Set(secretIds)].map(readOne));
    return { values, errors };
  }

  /** Drops every stage and version of a secret, whichever spelling it was read by. */
  invalidate(secretId: string): void {
    this.#reads.invalidate(secretId);
    this.#events.call([{ type: 'invalidated', secretId }]);
  }

  /** Drops everything. */
  invalidateAll(): void {
    this.#reads.invalidate(undefined);
    this.#events.call([{ type: 'invalidated', secretId: undefined }]);
  }

  /** The values of AWSCURRENT that are held, or the one held under this id, whatever their age. Nothing is read. */
  held(secretId?: string): readonly SecretValue[] {
    if (secretId !== undefined) {
      const entry = this.#entries.use(secretId);
      return entry === undefined ? [] : [entry.value];
    }
    return [...this.#entries].flatMap(({ suffix, value }) => (suffix === '' ? [value] : []));
  }

  /** Counts since the cache was made. */
  stats(): CacheStats {
    return { hits: this.#hits, ...this.#reads.counts, entries: this.#entries.size };
  }

  /** Calls a listener with everything but hits; the answer takes it away. Events carry no values. */
  onEvent(listener: (event: CacheEvent) => unknown): () => void {
    return this.#events.add(listener);
  }

  /** Calls a listener when a read finds another AWSCURRENT than before; the answer takes it away. */
  onRotate(secretId: string, listener: RotateListener): () => void {
    return this.#rotations.on(secretId, listener);
  }

  /** Forgets all values and ends all reads; later ones throw. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#reads.close();
    this.#rotations.clear();
    this.#events.clear();
  }

  /** Closes the cache at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The form that `JSON.stringify` and `console.log` print: counts, never a value. */
  toJSON(): unknown {
    return { stats: this.stats() };
  }

  async #read(wanted: Wanted, signal: AbortSignal | undefined, fetch: Fetch): Promise<SecretValue> {
    if (this.#closed) throw new SecretReadError(wanted.secretId, 'closed', 'the cache is closed');
    signal?.throwIfAborted();
    const held = wanted.forced ? undefined : this.#reads.held(wanted, fetch);
    if (held === undefined) return untilAborted(this.#reads.read(wanted, fetch), signal);
    this.#hits++;
    return held;
  }

  #current(value: SecretValue): void {
    const before = this.#rotations.seen(value);
    if (before === undefined) return;
    const { ARN: secretId, VersionId: to } = value;
    this.#events.call([{ type: 'rotated', secretId, from: before, to }]);
    this.#rotations.tell(value, before, () => this.#events.call([{ type: 'listener-failed', secretId }]));
  }
}
