import { setTimeout as pause } from 'node:timers/promises';
import type { SecretCache } from '../cache/secret-cache.ts';
import { mayBeSame } from '../cache/secret-id.ts';
import type { Move } from './move.ts';

/** Something that listening did, without any value. */
export type InvalidationEvent =
  /** The queue is subscribed; what moved before was read again. */
  | { readonly type: 'listening'; readonly queueUrl: string }
  /** Listening, looking or confirming fails and is tried again. Reported once per row of failures. */
  | { readonly type: 'failed'; readonly what: 'listen' | 'look' | 'lease' | 'agent'; readonly error: unknown }
  /** The version of a move, or a newer one, is in use; `ms` since AWSCURRENT moved, or since the look before. */
  | {
      readonly type: 'confirmed';
      readonly secretArn: string;
      readonly versionId: string;
      readonly ms: number;
    }
  /** A read still shows what was AWSCURRENT before the move. It is read again for a while. */
  | { readonly type: 'older-read'; readonly secretArn: string; readonly versionId: string };

/** A local agent that other processes read from. */
export interface RefreshableAgent {
  /** Lets it read a secret again under all its spellings. */
  refresh(secretArn: string, secretName: string): Promise<void>;
}

/** Options for following moves of AWSCURRENT. */
export interface FollowOptions {
  readonly cache: SecretCache;
  /** Secrets to follow, by name or ARN. @default those that the cache has read */
  readonly secretIds?: readonly string[] | undefined;
  readonly agent?: RefreshableAgent | undefined;
  readonly emit: (event: InvalidationEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Longest time, in milliseconds, that reads are repeated while they return an older version than a reported move. */
const BUDGET_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** Most moves that are remembered of secrets that nobody has read yet. */
const MOST_UNHEARD = 1_000;

/** The known moves of one secret. */
interface Followed {
  latest: Move;
  /** Versions that were AWSCURRENT before the latest move. */
  readonly superseded: Set<string>;
  work: Promise<void>;
}

/** Takes moves of AWSCURRENT, in any order and any number of times, and brings the cache to the version in use. */
export class Follower {
  readonly #options: FollowOptions;
  readonly #bySecret = new Map<string, Followed>();
  /** Moves of secrets that are not held: a read may be under way that began before them. */
  readonly #unheard = new Map<string, Move>();
  readonly #abort = new AbortController();
  readonly #stopListening: () => void;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#stopListening = options.cache.onEvent(({ type }) => {
      // The cache keeps what it has just fetched a moment after the event.
      if (type === 'fetched' && this.#unheard.size > 0) queueMicrotask(() => this.#hear());
    });
  }

  /** Resolves once the cache holds the version of the move or a newer one; rejects when it cannot be read. */
  async take(move: Move): Promise<void> {
    if (!this.#concerns(move)) return this.#keep(move);
    const known = this.#bySecret.get(move.secretArn);
    if (known === undefined) return this.#begin(move);
    if (move.sequence > known.latest.sequence) supersede(known, move);
    known.work = known.work.catch(() => undefined).then(() => this.#follow(known));
    return known.work;
  }

  /** Reads again everything that is followed and held: moves may have been missed. */
  async readAll(): Promise<void> {
    const { cache } = this.#options;
    const held = cache.held().filter(({ ARN, Name }) => this.#concerns({ secretArn: ARN, secretName: Name }));
    const read = ({ ARN }: { readonly ARN: string }) => cache.get(ARN, { forceRefresh: true });
    await Promise.all(held.map((value) => read(value).catch((error: unknown) => this.#failed(error))));
  }

  /** Ends what waits. */
  close(): void {
    this.#stopListening();
    this.#abort.abort();
  }

  #keep(move: Move): void {
    const known = this.#unheard.get(move.secretArn);
    if (known !== undefined && known.sequence >= move.sequence) return;
    this.#unheard.delete(move.secretArn);
    this.#unheard.set(move.secretArn, move);
    const [oldest] = this.#unheard.keys();
    if (this.#unheard.size > MOST_UNHEARD && oldest !== undefined) this.#unheard.delete(oldest);
  }

  /** Takes the moves that had come before the first read of their secrets ended. */
  #hear(): void {
    for (const { ARN } of this.#options.cache.held()) {
      const move = this.#unheard.get(ARN);
      if (move === undefined) continue;
      this.#unheard.delete(ARN);
      this.take(move).catch((error: unknown) => this.#failed(error));
    }
  }

  #failed(error: unknown): void {
    if (!this.#abort.signal.aborted) this.#options.emit({ type: 'failed', what: 'look', error });
  }

  #begin(move: Move): Promise<void> {
    const held = this.#held(move.secretArn);
    const before = move.previousVersionId ?? (held === move.versionId ? undefined : held);
    const followed: Followed = {
      latest: move,
      superseded: new Set(before === undefined ? [] : [before]),
      work: Promise.resolve(),
    };
    this.#bySecret.set(move.secretArn, followed);
    followed.work = this.#follow(followed);
    return followed.work;
  }

  async #follow(followed: Followed): Promise<void> {
    const deadline = performance.now() + BUDGET_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      const move = followed.latest;
      await this.#refreshAgent(move);
      const versionId = await this.#read(move);
      if (followed.latest !== move) continue;
      if (!followed.superseded.has(versionId)) return this.#confirmed(move, versionId);
      if (pauseMs === FIRST_PAUSE_MS)
        this.#options.emit({ type: 'older-read', secretArn: move.secretArn, versionId });
      // So long no replica lags: AWSCURRENT went back, and that move is still to be heard.
      if (performance.now() >= deadline) return;
      await pause(pauseMs, undefined, { signal: this.#abort.signal, ref: false });
    }
  }

  /** The version that the cache holds, after a read unless that is the one of the move. */
  async #read({ secretArn, versionId }: Move): Promise<string> {
    if (this.#held(secretArn) === versionId) return versionId;
    return (await this.#options.cache.get(secretArn, { forceRefresh: true })).VersionId;
  }

  #held(arn: string): string | undefined {
    return this.#options.cache.held().find(({ ARN }) => ARN === arn)?.VersionId;
  }

  #confirmed({ secretArn, changedAt }: Move, versionId: string): void {
    const { emit, now } = this.#options;
    emit({ type: 'confirmed', secretArn, versionId, ms: Math.max(0, now() - changedAt) });
  }

  async #refreshAgent({ secretArn, secretName }: Move): Promise<void> {
    try {
      await this.#options.agent?.refresh(secretArn, secretName);
    } catch (error) {
      this.#options.emit({ type: 'failed', what: 'agent', error });
    }
  }

  #concerns({ secretArn, secretName }: Pick<Move, 'secretArn' | 'secretName'>): boolean {
    const { secretIds, cache } = this.#options;
    const fits = (id: string) => id === secretName || mayBeSame(id, secretArn);
    if (secretIds !== undefined) return secretIds.some(fits);
    return this.#bySecret.has(secretArn) || cache.held().some(({ ARN }) => ARN === secretArn);
  }
}

/**
 * Takes note of a newer move: the version that was AWSCURRENT before is superseded, unless the move goes back to it.
 */
function supersede(known: Followed, move: Move): void {
  known.superseded.add(known.latest.versionId);
  if (move.previousVersionId !== undefined) known.superseded.add(move.previousVersionId);
  known.superseded.delete(move.versionId);
  known.latest = move;
}
