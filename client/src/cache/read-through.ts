import type { SecretReadError } from '../errors.ts';
import { Backoff } from './backoff.ts';
import type { CacheEvent } from './cache-events.ts';
import type { CacheRules } from './cache-options.ts';
import { Entries, type Entry, keysOf } from './entries.ts';
import { type Fetch, type Flight, Flights, type Wanted } from './flights.ts';
import { homeOf, isArn, mayBeSame, means } from './secret-id.ts';
import { type SecretResponse, SecretValue } from './secret-value.ts';

/** A refresh in the background starts at a random point between these shares of the TTL. */
const REFRESH_FROM = 0.7;
const REFRESH_TO = 0.95;

/** Callbacks of the cache around it. */
interface ReadThroughHooks {
  readonly emit: (event: CacheEvent) => void;
  /** Called with every value that was kept under AWSCURRENT. */
  readonly current: (value: SecretValue) => void;
}

/** Serves what is held, or reads it; keeps what was read unless it was invalidated in the meantime. */
export class ReadThrough {
  readonly entries: Entries;
  /** Numbers for the cache's statistics. */
  readonly counts = { misses: 0, fetches: 0, failures: 0, staleServed: 0, evictions: 0 };
  readonly #rules: CacheRules;
  readonly #hooks: ReadThroughHooks;
  readonly #flights: Flights;
  readonly #backoff: Backoff;
  /** Account and region of names, known after the first read by name. */
  #home: string | undefined;

  constructor(rules: CacheRules, hooks: ReadThroughHooks) {
    this.#rules = rules;
    this.#hooks = hooks;
    this.entries = new Entries(rules.maxEntries);
    this.#backoff = new Backoff(rules.maxEntries, rules.random);
    this.#flights = new Flights({
      timeoutMs: rules.timeoutMs,
      now: rules.now,
      landed: (flight, response) => this.#landed(flight, response),
      failed: (flight, error) => this.#failed(flight, error),
    });
  }

  /** The value held, if a read need not wait; refreshed in the background when it is about time. */
  held(wanted: Wanted, fetch: Fetch): SecretValue | undefined {
    const now = this.#rules.now();
    const key = wanted.secretId + wanted.suffix;
    const entry = this.entries.use(key);
    const pause = this.#backoff.pause(key, now);
    if (entry !== undefined && now >= entry.readAt && now < entry.readAt + this.#rules.ttlMs) {
      if (now >= entry.refreshAt && pause === undefined) this.flown(wanted, fetch).catch(() => undefined);
      return entry.value;
    }
    if (pause === undefined) return undefined;
    const stale = this.#stale(wanted);
    if (stale === undefined) throw pause.error;
    return stale;
  }

  /** Reads; falls back to the value held when the reason may pass. A forced read never does. */
  async read(wanted: Wanted, fetch: Fetch): Promise<SecretValue> {
    this.counts.misses++;
    try {
      return await this.flown(wanted, fetch);
    } catch (error) {
      const passing = (error as SecretReadError).retryable && !wanted.forced;
      const stale = passing ? this.#stale(wanted) : undefined;
      if (stale === undefined) throw error;
      return stale;
    }
  }

  /** Nothing that is held or under way for this secret, or for any, is served from now on. */
  invalidate(secretId: string | undefined): void {
    this.#flights.detach(secretId);
    for (const entry of [...this.entries])
      if (secretId === undefined || mayBeSame(entry.value.ARN, secretId)) this.entries.delete(entry);
  }

  /** Ends all reads and forgets all values. */
  close(): void {
    this.#flights.close();
    this.entries.clear();
    this.#backoff.clear();
  }

  /** Joins a read under way or starts one. What a similar id brought counts only if it surely is the same secret. */
  async flown(wanted: Wanted, fetch: Fetch): Promise<SecretValue> {
    const { secretId, suffix } = wanted;
    const start = () => this.#flights.start(wanted, this.#counted(fetch));
    const flight = this.#flights.find(wanted) ?? start();
    this.#flights.preferName(flight, secretId);
    try {
      const value = await flight.promise;
      if (flight.secretId === secretId) return value;
      if (means(secretId, value, this.#home)) {
        this.entries.alias(secretId + suffix, value.ARN + suffix, value);
        return value;
      }
    } catch (error) {
      if (flight.secretId === secretId) throw error;
    }
    return (this.#flights.findExact(wanted) ?? this.#flights.pin(start())).promise;
  }

  #stale({ secretId, suffix }: Wanted): SecretValue | undefined {
    const now = this.#rules.now();
    const entry = this.entries.use(secretId + suffix);
    if (
      entry === undefined ||
      now < entry.readAt ||
      now >= entry.readAt + this.#rules.ttlMs + this.#rules.maxStaleMs
    )
      return;
    this.counts.staleServed++;
    const { value, readAt } = entry;
    this.#hooks.emit({ type: 'stale-served', secretId, versionId: value.VersionId, ageMs: now - readAt });
    return value;
  }

  #counted(fetch: Fetch): Fetch {
    return (secretId, signal) => {
      this.counts.fetches++;
      return fetch(secretId, signal);
    };
  }

  #landed(flight: Flight, response: SecretResponse): SecretValue {
    const { secretId, suffix, startedAt } = flight;
    const value = new SecretValue(response);
    const ms = this.#rules.now() - startedAt;
    this.#hooks.emit({ type: 'fetched', secretId, versionId: value.VersionId, ms });
    if (!isArn(secretId)) this.#home = homeOf(value.ARN);
    if (!this.#flights.isWanted(flight)) return value;
    this.#keep(flight, value);
    if (suffix === '') this.#hooks.current(value);
    return value;
  }

  #keep({ secretId, suffix, startedAt }: Flight, value: SecretValue): void {
    const { ttlMs, now, random } = this.#rules;
    const names = new Set([secretId, value.ARN]);
    if (homeOf(value.ARN) === this.#home) names.add(value.Name);
    const keys = [...names].map((name) => name + suffix);
    for (const key of keys) this.#backoff.ended(key);
    if (ttlMs === 0 || this.entries.holdsNewer(keys, startedAt, now())) return;
    const entry: Entry = {
      value,
      promise: Promise.resolve(value),
      readAt: startedAt,
      refreshAt: startedAt + ttlMs * (REFRESH_FROM + random() * (REFRESH_TO - REFRESH_FROM)),
      suffix,
      others: undefined,
      newer: undefined,
      older: undefined,
    };
    const evicted = this.entries.put(entry, keys);
    this.counts.evictions += evicted;
    if (evicted > 0) this.#hooks.emit({ type: 'evicted', count: evicted });
  }

  #failed(flight: Flight, error: SecretReadError): void {
    const { secretId, suffix, startedAt } = flight;
    const now = this.#rules.now();
    this.counts.failures++;
    this.#hooks.emit({ type: 'fetch-failed', secretId, reason: error.reason, ms: now - startedAt });
    if (!this.#flights.isWanted(flight)) return;
    const entry: Entry | undefined = this.entries.use(secretId + suffix);
    if (error.retryable)
      for (const key of entry === undefined ? [secretId + suffix] : keysOf(entry))
        this.#backoff.failed(key, error, now);
    else if (entry !== undefined) this.entries.delete(entry);
  }
}
