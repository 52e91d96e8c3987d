import type { ClientProvider } from '../aws/secrets-manager-source.ts';
import type { SecretReadError } from '../errors.ts';
import type { SecretSource } from '../source.ts';
import type { Selector, Wanted } from './flights.ts';
import type { SecretValue } from './secret-value.ts';

/** Options of a cache: its source, its times in milliseconds and its size. */
export interface SecretCacheOptions {
  /** Client of Secrets Manager, or what makes one on the first read. @default the SDK's own chain */
  readonly client?: ClientProvider | undefined;
  /** Source to read from instead of the API, such as a local agent. */
  readonly source?: SecretSource | undefined;
  /** Longest time a value is served, in milliseconds; 0 keeps none. @default 300000 */
  readonly ttlMs?: number | undefined;
  /** Longest time after its TTL that a value may be served while reads fail for a passing reason. @default 3600000 */
  readonly maxStaleMs?: number | undefined;
  /** Longest wait for one read, in milliseconds. @default 5000 */
  readonly timeoutMs?: number | undefined;
  /** Most values held; the one used longest ago leaves. @default 1000 */
  readonly maxEntries?: number | undefined;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** A number in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Numbers and sources of chance a cache goes by. */
export interface CacheRules {
  readonly ttlMs: number;
  readonly maxStaleMs: number;
  readonly timeoutMs: number;
  readonly maxEntries: number;
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} A number is negative or no number.
 */
export function cacheRules(options: SecretCacheOptions): CacheRules {
  const { ttlMs = 300_000, maxStaleMs = 3_600_000, timeoutMs = 5_000, maxEntries = 1_000 } = options;
  for (const [name, value] of Object.entries({ ttlMs, maxStaleMs, timeoutMs, maxEntries }))
    if (!(value >= 0))
      throw new RangeError(`Cannot make a SecretCache as ${name} must be >= 0: got ${value}`);
  const { now = Date.now, random = Math.random } = options;
  return { ttlMs, maxStaleMs, timeoutMs, maxEntries: Math.max(1, maxEntries), now, random };
}

/** Options of one read. */
export interface GetOptions extends Selector {
  /** Reads again, whatever is held; never joins a read that began earlier. */
  readonly forceRefresh?: boolean | undefined;
  /** Ends the wait, not the read that others wait for. */
  readonly signal?: AbortSignal | undefined;
}

/** The values and the errors of a read of several secrets, by id. */
export interface ManyValues {
  readonly values: ReadonlyMap<string, SecretValue>;
  readonly errors: ReadonlyMap<string, SecretReadError>;
}

/** AWSCURRENT has the empty suffix, so that its key is the id itself. */
export function wantedOf(secretId: string, options: GetOptions): Wanted {
  const { versionStage, versionId, forceRefresh: forced = false } = options;
  const stage = versionStage ?? (versionId === undefined ? 'AWSCURRENT' : undefined);
  const current = stage === 'AWSCURRENT' && versionId === undefined;
  const suffix = current ? '' : `\n${stage ?? ''}\n${versionId ?? ''}`;
  return { secretId, selector: { versionStage: stage, versionId }, suffix, forced };
}

/** The waits that a signal ends. One listener serves them all: Node.js warns of a leak at the eleventh. */
const waits = new WeakMap<AbortSignal, Set<() => void>>();

function waitsFor(signal: AbortSignal): Set<() => void> {
  const known = waits.get(signal);
  if (known !== undefined) return known;
  const stops = new Set<() => void>();
  waits.set(signal, stops);
  const stopAll = () => {
    for (const stop of stops) stop();
  };
  signal.addEventListener('abort', stopAll, { once: true });
  return stops;
}

/** Waits for a promise, or rejects with the signal's reason. The promise goes on. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    const stops = waitsFor(signal);
    stops.add(stop);
    promise.then(resolve, reject).finally(() => stops.delete(stop));
  });
}
