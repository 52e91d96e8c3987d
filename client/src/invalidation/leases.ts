import { hostname } from 'node:os';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Lazy, lazily } from '../aws/lazy-client.ts';
import type { SecretCache } from '../cache/secret-cache.ts';
import { mayBeSame } from '../cache/secret-id.ts';
import type { InvalidationEvent } from './follower.ts';

/** Options of the leases by which a process reports the versions it uses. */
export interface LeaseOptions {
  /** The monitor's table of leases. */
  readonly tableName: string;
  /** Lifetime of a lease that is not renewed, in milliseconds. @default 300000 */
  readonly durationMs?: number | undefined;
  /** Client of DynamoDB, or what makes one. @default the SDK's own chain */
  readonly client?: Lazy<DynamoDBClient> | undefined;
}

/** The cache whose versions are reported, the name of the process, and its clock. */
export interface LeaseParts {
  readonly cache: SecretCache;
  readonly consumer: string;
  readonly secretIds: readonly string[] | undefined;
  readonly emit: (event: InvalidationEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Lease {
  readonly versionId: string;
  readonly confirmedAt: number;
  readonly expiresAt: number;
}

/** Form of the consumer names that the monitor accepts. */
const CONSUMER = /^[\w.:@/=+-]{1,128}$/;

/** A name for this process, the same as long as it lives. */
export const thisProcess = (): string =>
  `${hostname().replaceAll(/[^\w.-]/g, '-')}-${process.pid}-${process.hrtime.bigint().toString(36).slice(-6)}`.slice(
    -128,
  );

/**
 * Writes a lease for each secret that the cache holds, whenever AWSCURRENT that it holds is another version, and
 * renews it at half its time. A process that ends in good order deletes them, any other lets them run out.
 */
export class Leases {
  readonly #options: LeaseOptions;
  readonly #durationMs: number;
  readonly #parts: LeaseParts;
  readonly #client: () => Promise<DynamoDBClient>;
  readonly #leases = new Map<string, Lease>();
  readonly #stopListening: () => void;
  #work: Promise<void> = Promise.resolve();
  #isFailing = false;
  /** Time of the next renewal of a lease, in milliseconds since the epoch. */
  #dueAt = Number.POSITIVE_INFINITY;
  #closed = false;

  /** @throws {TypeError} The monitor would not take the name of the consumer. */
  constructor(options: LeaseOptions, parts: LeaseParts) {
    if (!CONSUMER.test(parts.consumer))
      throw new TypeError(
        `Cannot keep leases as a consumer's name has 1 to 128 letters, digits and _.:@/=+-: got "${parts.consumer}"`,
      );
    this.#options = options;
    this.#durationMs = options.durationMs ?? 300_000;
    this.#parts = parts;
    this.#client = lazily(options.client ?? (() => import('@aws-sdk/client-dynamodb').then(makeClient)));
    this.#stopListening = parts.cache.onEvent(({ type }) => {
      // The cache keeps what it has just fetched a moment after the event.
      if (type === 'fetched') queueMicrotask(() => this.sync());
    });
    this.sync();
  }

  /** Writes what is new, or due for renewal. */
  sync(): void {
    if (!this.#closed) this.#work = this.#work.then(() => this.#write()).catch(() => undefined);
  }

  /** Renews what is due, at next to no cost when nothing is: for callers that have no timer. */
  touch(): void {
    const leftMs = this.#dueAt - this.#parts.now();
    // A clock that was set back puts a renewal further away than it ever is.
    if (leftMs <= 0 || (leftMs > this.#durationMs && Number.isFinite(leftMs))) this.sync();
  }

  /** Resolves when everything that was to be written is. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Deletes the leases. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    await this.#work;
    await Promise.all([...this.#leases.keys()].map((arn) => this.#delete(arn)));
    this.#leases.clear();
  }

  async #write(): Promise<void> {
    const { cache, now } = this.#parts;
    const durationMs = this.#durationMs;
    this.#dueAt = Number.POSITIVE_INFINITY;
    for (const { ARN: arn, Name, VersionId: versionId } of cache.held()) {
      const lease = this.#leases.get(arn);
      const isNew = lease?.versionId !== versionId;
      if (!this.#concerns(arn, Name)) continue;
      const leftMs = isNew ? 0 : lease.expiresAt - now();
      if (leftMs <= durationMs / 2 || leftMs > durationMs) {
        const confirmedAt = isNew ? now() : lease.confirmedAt;
        await this.#put(arn, { versionId, confirmedAt, expiresAt: now() + durationMs });
      }
      this.#dueAt = Math.min(this.#dueAt, (this.#leases.get(arn)?.expiresAt ?? now()) - durationMs / 2);
    }
  }

  #concerns(arn: string, name: string): boolean {
    const { secretIds } = this.#parts;
    return secretIds === undefined || secretIds.some((id) => id === name || mayBeSame(id, arn));
  }

  async #put(arn: string, lease: Lease): Promise<void> {
    const Item = {
      ...this.#key(arn),
      expiresAt: { N: String(Math.ceil(lease.expiresAt / 1_000)) },
      confirmedVersionId: { S: lease.versionId },
      confirmedAt: { N: String(Math.floor(lease.confirmedAt)) },
    };
    const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
    const put = new PutItemCommand({ TableName: this.#options.tableName, Item });
    const written = await this.#try(async () => void (await (await this.#client()).send(put)));
    if (written) this.#leases.set(arn, lease);
  }

  async #delete(arn: string): Promise<void> {
    const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
    const command = new DeleteItemCommand({ TableName: this.#options.tableName, Key: this.#key(arn) });
    await this.#try(async () => void (await (await this.#client()).send(command)));
  }

  /** The first of a row of failures is reported; the next renewal tries again. */
  async #try(call: () => Promise<void>): Promise<boolean> {
    try {
      await call();
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (!this.#isFailing) this.#parts.emit({ type: 'failed', what: 'lease', error });
      this.#isFailing = true;
      return false;
    }
  }

  #key(arn: string): Record<'pk' | 'sk', AttributeValue> {
    return { pk: { S: arn }, sk: { S: `lease#${this.#parts.consumer}` } };
  }
}

const makeClient = ({ DynamoDBClient: Client }: typeof import('@aws-sdk/client-dynamodb')): DynamoDBClient =>
  new Client({});
