import { setTimeout as pause } from 'node:timers/promises';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { lazily } from '../aws/lazy-client.ts';
import { secretsManagerClient } from '../aws/secrets-manager-client.ts';
import type { ClientProvider } from '../aws/secrets-manager-source.ts';
import { callSafely } from '../cache/cache-events.ts';
import {
  type GetOptions,
  type ManyValues,
  type SecretCacheOptions,
  untilAborted,
} from '../cache/cache-options.ts';
import { SecretCache } from '../cache/secret-cache.ts';
import type { SecretValue } from '../cache/secret-value.ts';
import type { InvalidationEvent } from './follower.ts';
import { type LeaseOptions, Leases, thisProcess } from './leases.ts';

/** Options of a cache that polls for moves of AWSCURRENT by itself. */
export interface PollingOptions extends SecretCacheOptions {
  /** Longest time between two looks at a secret that is read, in milliseconds. @default the TTL */
  readonly intervalMs?: number | undefined;
  /** Says to the monitor which versions are in use. */
  readonly lease?: LeaseOptions | undefined;
  /** Name of this process in leases and alerts. @default host, process id and a few characters of chance */
  readonly consumer?: string | undefined;
  /** Client for looking where `source` is no API. @default `client`, else the SDK's own chain */
  readonly describe?: ClientProvider | undefined;
  readonly onInvalidation?: ((event: InvalidationEvent) => void) | undefined;
}

/** Longest time, in milliseconds, that reads are repeated while they return an older version than a look found. */
const BUDGET_MS = 2_000;
const PAUSE_MS = 100;
/** Name, ARN and partial ARN. */
const SPELLINGS = 3;
/** Longest wait for a look; the value held is served then. */
const LOOK_MS = 3_000;

/**
 * A cache whose reads look for a new AWSCURRENT when the last look is older than an interval: one DescribeSecret, and a
 * read only if the version is another one. Nothing happens between reads, so it is right in a frozen Lambda, where no
 * queue can be read.
 *
 * @example
 * const cache = new PollingSecretCache({ intervalMs: 15_000 });
 * await cache.get('orders/db');
 */
export class PollingSecretCache extends SecretCache {
  readonly #intervalMs: number;
  readonly #clock: () => number;
  readonly #client: () => Promise<SecretsManagerClient>;
  readonly #emitted: (event: InvalidationEvent) => void;
  readonly #leases: Leases | undefined;
  /** Time of the last look at or read of each id, in milliseconds since the epoch. */
  readonly #lookedAt = new Map<string, number>();
  readonly #mostLooks: number;
  readonly #looks = new Map<string, Promise<void>>();

  constructor(options: PollingOptions = {}) {
    super(options);
    const { intervalMs = options.ttlMs ?? 300_000, now = Date.now, consumer = thisProcess() } = options;
    if (!(intervalMs > 0))
      throw new RangeError(`Cannot make a PollingSecretCache as intervalMs must be > 0: got ${intervalMs}`);
    this.#intervalMs = intervalMs;
    this.#clock = now;
    this.#client = lazily(options.describe ?? options.client ?? (() => secretsManagerClient()));
    this.#emitted = (event) => callSafely(() => options.onInvalidation?.(event));
    this.#mostLooks = SPELLINGS * (options.maxEntries ?? 1_000);
    const parts = { cache: this, consumer, secretIds: undefined, emit: this.#emitted, now };
    this.#leases = options.lease && new Leases(options.lease, parts);
    this.onEvent((event) => {
      if (event.type === 'fetched') this.#note(event.secretId, now() - event.ms);
    });
  }

  override get(secretId: string, options?: GetOptions): Promise<SecretValue> {
    if (!this.#isDue(secretId, options)) return super.get(secretId, options);
    return this.#looked(secretId, options).then(() => super.get(secretId, options));
  }

  override async getMany(
    secretIds: readonly string[],
    options: Pick<GetOptions, 'signal'> = {},
  ): Promise<ManyValues> {
    const due = secretIds.filter((secretId) => this.#isDue(secretId, options));
    await Promise.all(due.map((secretId) => this.#looked(secretId, options)));
    return super.getMany(secretIds, options);
  }

  override async close(): Promise<void> {
    await this.#leases?.close();
    await super.close();
  }

  /** Only what is held can be old; pinned and forced reads say themselves what they want. */
  #isDue(secretId: string, { versionStage, versionId, forceRefresh }: GetOptions = {}): boolean {
    const isCurrent = versionId === undefined && (versionStage ?? 'AWSCURRENT') === 'AWSCURRENT';
    if (!isCurrent || forceRefresh === true) return false;
    this.#leases?.touch();
    const lookedAt = this.#lookedAt.get(secretId);
    if (lookedAt === undefined) return this.#heldBy(secretId) !== undefined;
    const passed = this.#clock() - lookedAt;
    return passed >= this.#intervalMs || passed < 0;
  }

  /** One look for all who read at once. */
  #looked(secretId: string, options: GetOptions | undefined): Promise<void> {
    let look = this.#looks.get(secretId);
    if (look === undefined) {
      look = this.#look(secretId).finally(() => this.#looks.delete(secretId));
      this.#looks.set(secretId, look);
    }
    return untilAborted(look, options?.signal);
  }

  async #look(secretId: string): Promise<void> {
    const held = this.#heldBy(secretId);
    if (held === undefined) return;
    const startedAt = this.#clock();
    try {
      const current = await this.#describe(secretId);
      if (current !== undefined && current !== held.VersionId) await this.#take(secretId, held);
    } catch (error) {
      this.#emitted({ type: 'failed', what: 'look', error });
    }
    // A look that failed is made again after the interval: the value held is good for its own time.
    this.#note(secretId, startedAt);
  }

  async #describe(secretId: string): Promise<string | undefined> {
    const { DescribeSecretCommand } = await import('@aws-sdk/client-secrets-manager');
    const client = await this.#client();
    const abortSignal = AbortSignal.timeout(LOOK_MS);
    const command = new DescribeSecretCommand({ SecretId: secretId });
    const { VersionIdsToStages = {} } = await client.send(command, { abortSignal });
    return Object.entries(VersionIdsToStages).find(([, stages]) => stages?.includes('AWSCURRENT'))?.[0];
  }

  /** Reads until the version that was held is gone: reads may show less than the look. */
  async #take(secretId: string, held: SecretValue): Promise<void> {
    const lookedAt = this.#lookedAt.get(secretId) ?? this.#clock();
    for (const deadline = performance.now() + BUDGET_MS; ; ) {
      const { VersionId: versionId } = await super.get(secretId, { forceRefresh: true });
      const { ARN: secretArn } = held;
      if (versionId !== held.VersionId) {
        await this.#leases?.settled();
        const ms = Math.max(0, this.#clock() - lookedAt);
        return this.#emitted({ type: 'confirmed', secretArn, versionId, ms });
      }
      this.#emitted({ type: 'older-read', secretArn, versionId });
      if (performance.now() >= deadline) return;
      await pause(PAUSE_MS);
    }
  }

  #heldBy(secretId: string): SecretValue | undefined {
    return this.held(secretId)[0];
  }

  /** Remembers the time of a look for as many spellings as the cache may hold. */
  #note(secretId: string, at: number): void {
    this.#lookedAt.delete(secretId);
    this.#lookedAt.set(secretId, at);
    const [oldest] = this.#lookedAt.keys();
    if (this.#lookedAt.size > this.#mostLooks && oldest !== undefined) this.#lookedAt.delete(oldest);
  }
}
