import { setTimeout as timer } from 'node:timers';
import { readFailure } from '../aws/read-failure.ts';
import { SecretReadError } from '../errors.ts';
import { IdIndex } from './id-index.ts';
import { isArn } from './secret-id.ts';
import type { SecretResponse, SecretValue } from './secret-value.ts';

/** The version of a secret to read; AWSCURRENT when neither is given. */
export interface Selector {
  readonly versionStage?: string | undefined;
  readonly versionId?: string | undefined;
}

/** One read: the secret, its version, and whether a held value may answer it. */
export interface Wanted {
  readonly secretId: string;
  readonly selector: Selector;
  /** Text of the selector: what makes two selectors the same. */
  readonly suffix: string;
  readonly forced: boolean;
}

/** Asks the source once. */
export type Fetch = (secretId: string, signal: AbortSignal) => Promise<SecretResponse>;

/** A read that is under way. */
export interface Flight {
  /** Id that is sent; a name takes the place of an ARN as long as nothing was sent. */
  secretId: string;
  readonly suffix: string;
  readonly forced: boolean;
  readonly startedAt: number;
  /** Whether the source has been asked: a forced read joins no read that has been. */
  sent: boolean;
  /** Whether the id has to stay as it is. */
  pinned: boolean;
  readonly abort: AbortController;
  /** Rejects with a {@link SecretReadError} only. */
  promise: Promise<SecretValue>;
}

/** The source to ask, the time limit and the callbacks of reads under way. */
interface FlightParts {
  readonly timeoutMs: number;
  readonly now: () => number;
  /** Called when a flight ends well, before anybody who waits for it. */
  readonly landed: (flight: Flight, response: SecretResponse) => SecretValue;
  /** Called when a flight fails, before anybody who waits for it. */
  readonly failed: (flight: Flight, error: SecretReadError) => void;
}

/**
 * Reads under way, one for all who want the same. What starts within one turn of the event loop shares a call,
 * whichever spelling of the id it uses.
 */
export class Flights {
  readonly #joinable = new Set<Flight>();
  readonly #byId = new IdIndex<Flight>();
  readonly #aborts = new Set<AbortController>();
  readonly #parts: FlightParts;
  #closed = false;

  constructor(parts: FlightParts) {
    this.#parts = parts;
  }

  /** The flight that serves a read, or may serve it. */
  find(wanted: Wanted): Flight | undefined {
    const usable = this.#usable(wanted);
    const { secretId } = wanted;
    return usable.find((flight) => flight.secretId === secretId) ?? usable[0];
  }

  /** The flight that reads by this very id; it keeps its id. */
  findExact(wanted: Wanted): Flight | undefined {
    const flight = this.#usable(wanted).find(({ secretId }) => secretId === wanted.secretId);
    return flight && this.pin(flight);
  }

  /** Lets a flight keep its id. */
  pin(flight: Flight): Flight {
    flight.pinned = true;
    return flight;
  }

  /** Whether a flight is still the newest read of what it reads. */
  isWanted(flight: Flight): boolean {
    return this.#joinable.has(flight);
  }

  /** Starts a read. A forced one takes the place of all older ones of the same. */
  start({ secretId, suffix, forced }: Wanted, fetch: Fetch): Flight {
    if (forced)
      for (const older of this.#byId.find(secretId)) if (older.suffix === suffix) this.#remove(older);
    const abort = new AbortController();
    if (this.#closed) abort.abort();
    const startedAt = this.#parts.now();
    const promise = Promise.resolve().then(() => this.#fly(flight, fetch));
    const flight: Flight = {
      secretId,
      suffix,
      forced,
      startedAt,
      sent: false,
      pinned: false,
      abort,
      promise,
    };
    promise.catch(() => undefined);
    this.#joinable.add(flight);
    this.#byId.add(secretId, flight);
    this.#aborts.add(abort);
    return flight;
  }

  /** Lets a flight that has not been sent go by name, which surely finds the secret in the own account. */
  preferName(flight: Flight, secretId: string): void {
    if (flight.sent || flight.pinned || !isArn(flight.secretId) || isArn(secretId)) return;
    this.#byId.delete(flight.secretId, flight);
    flight.secretId = secretId;
    if (this.#joinable.has(flight)) this.#byId.add(secretId, flight);
  }

  /** Nobody joins the reads of this secret, or of any, any longer, and what they bring is kept nowhere. */
  detach(secretId: string | undefined): void {
    const detached = secretId === undefined ? [...this.#joinable] : this.#byId.find(secretId);
    for (const flight of detached) this.#remove(flight);
  }

  /** Ends all reads; what is started later never asks the source. */
  close(): void {
    this.#closed = true;
    this.detach(undefined);
    for (const abort of this.#aborts) abort.abort();
    this.#aborts.clear();
  }

  async #fly(flight: Flight, fetch: Fetch): Promise<SecretValue> {
    flight.sent = true;
    try {
      return this.#parts.landed(flight, await this.#beforeDeadline(flight, fetch));
    } catch (thrown) {
      const error = readFailure(flight.secretId, thrown);
      this.#parts.failed(flight, error);
      throw error;
    } finally {
      this.#remove(flight);
      this.#aborts.delete(flight.abort);
    }
  }

  async #beforeDeadline({ secretId, abort }: Flight, fetch: Fetch): Promise<SecretResponse> {
    const { timeoutMs } = this.#parts;
    const { signal } = abort;
    if (signal.aborted) throw closed(secretId);
    let handle: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(closed(secretId)));
      handle = timer(() => {
        reject(new SecretReadError(secretId, 'timeout', `no answer within ${timeoutMs} ms`));
        abort.abort();
      }, timeoutMs);
    });
    try {
      return await Promise.race([fetch(secretId, signal), deadline]);
    } finally {
      clearTimeout(handle);
    }
  }

  #remove(flight: Flight): void {
    if (this.#joinable.delete(flight)) this.#byId.delete(flight.secretId, flight);
  }

  /**
   * Flights that may serve a read. A forced one needs a flight that has not been sent; a dead one, whose process was
   * frozen, is given up.
   */
  #usable({ secretId, suffix, forced }: Wanted): readonly Flight[] {
    return this.#byId
      .find(secretId)
      .filter((flight) => flight.suffix === suffix && !(forced && flight.sent) && !this.#isDead(flight));
  }

  #isDead(flight: Flight): boolean {
    const dead = this.#parts.now() - flight.startedAt > this.#parts.timeoutMs * 2;
    if (dead) this.#remove(flight);
    return dead;
  }
}

const closed = (secretId: string): SecretReadError =>
  new SecretReadError(secretId, 'closed', 'the cache was closed');
