import { callSafely } from '../cache/cache-events.ts';
import { untilAborted } from '../cache/cache-options.ts';
import { AccountLockedError, CredentialsRefusedError } from '../errors.ts';
import { type ChainEvent, CredentialChain, REST_MS, type SecretReader } from './credential-chain.ts';
import type { Candidate, Credentials } from './credentials.ts';
import { Gate } from './gate.ts';
import type { Classify } from './refusal.ts';

/** Longest wait of a process that starts while the secret rotates, so that many do not all try the old password. */
const START_SPREAD_MS = 2_000;

/** One try of a log-in. */
interface Turn {
  /** Says that nothing was tried after all, so that the result says nothing about the credentials. */
  skip(): void;
}

/** Logs in, or does what needs a log-in. */
export type Use<T> = (credentials: Credentials, turn: Turn) => T | Promise<T>;

/** The rules of one log-in: its secret, the judgement of errors, and its time limit. */
export interface LoginRules {
  readonly secretId: string;
  readonly classify: Classify;
  /** Longest time until it works or fails, in milliseconds. */
  readonly budgetMs: number;
  readonly signal: AbortSignal | undefined;
  /** Receives the events of this log-in, as long as no later one gives a callback of its own. */
  readonly onEvent: ((event: ChainEvent) => void) | undefined;
}

/** The state of a secret's log-ins, found without trying one. */
export interface LoginStatus {
  /** Whether AWSPENDING is used in the place of AWSCURRENT. */
  readonly usesPending: boolean;
  /** Whether the server said that the account is locked, less than five seconds ago. */
  readonly isLocked: boolean;
}

/** All log-ins of one secret in this process: one gate, one memory of what works. */
export class Logins {
  readonly #gate = new Gate();
  readonly #chain: CredentialChain;
  #start: Promise<void> | undefined;
  #lockedUntil = 0;
  #onEvent: LoginRules['onEvent'];

  constructor(secretKeys: readonly string[]) {
    this.#chain = new CredentialChain(secretKeys, (event) => this.#tell(event));
  }

  /**
   * Tries credentials until one works.
   *
   * @throws {AccountLockedError} The server says that the account is locked, and the budget ends before the next try.
   * @throws {CredentialsRefusedError} Every credential was refused until the budget ended.
   */
  async logIn<T>(reader: SecretReader, use: Use<T>, rules: LoginRules): Promise<T> {
    const deadline = performance.now() + rules.budgetMs;
    this.#onEvent = rules.onEvent ?? this.#onEvent;
    this.#start ??= this.#spread(reader);
    await untilAborted(this.#start, rules.signal);
    for (;;) {
      const candidate = await this.#turn(reader, deadline, rules);
      const result = await this.#try(candidate, use, rules.classify);
      if (result !== undefined) return result.value;
    }
  }

  /** Returns the state without trying a log-in. */
  status(): LoginStatus {
    return { usesPending: this.#chain.usesPending(), isLocked: this.#isLocked() };
  }

  /** A listener that throws fails no log-in. */
  #tell(event: ChainEvent): void {
    callSafely(() => this.#onEvent?.(event));
  }

  async #try<T>(candidate: Candidate, use: Use<T>, classify: Classify): Promise<{ value: T } | undefined> {
    let tried = true;
    const skip = () => {
      tried = false;
    };
    try {
      const value = await use(candidate.credentials, { skip });
      if (tried) this.#worked(candidate);
      return { value };
    } catch (error) {
      const refusal = tried ? classify(error) : 'other';
      if (refusal === 'other') throw error;
      if (refusal === 'locked') this.#lockedUntil = performance.now() + REST_MS;
      else this.#refused(candidate);
      this.#gate.refused(candidate.versionId);
      return undefined;
    } finally {
      this.#gate.leave();
    }
  }

  #worked(candidate: Candidate): void {
    this.#lockedUntil = 0;
    this.#chain.worked(candidate);
    this.#gate.proven(candidate.versionId);
  }

  #refused(candidate: Candidate): void {
    // A refusal may be of a log-in that began before the account was locked.
    if (!this.#isLocked()) this.#lockedUntil = 0;
    this.#chain.refused(candidate);
  }

  /** Waits for a credential that may be tried and for room in the gate. */
  async #turn(reader: SecretReader, deadline: number, { secretId, signal }: LoginRules): Promise<Candidate> {
    for (;;) {
      signal?.throwIfAborted();
      const candidate = this.#isLocked() ? undefined : await untilAborted(this.#chain.next(reader), signal);
      // A lock may have been found in the meantime.
      const mayTry = candidate !== undefined && !this.#isLocked();
      if (mayTry && this.#gate.enter(candidate.versionId)) return candidate;
      const until = mayTry ? deadline : this.#nextAt();
      if (until > deadline || performance.now() >= deadline) throw this.#outOfTime(secretId);
      await this.#gate.change(until - performance.now(), signal);
    }
  }

  #isLocked(): boolean {
    return this.#lockedUntil > performance.now();
  }

  #nextAt(): number {
    return this.#isLocked() ? this.#lockedUntil : this.#chain.nextAt();
  }

  /** The time is over while somebody else may be trying: what counts is what the server said last. */
  #outOfTime(secretId: string): Error {
    return this.#lockedUntil > 0 ? new AccountLockedError(secretId) : new CredentialsRefusedError(secretId);
  }

  async #spread(reader: SecretReader): Promise<void> {
    if (!(await this.#chain.isRotating(reader).catch(() => false))) return;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * START_SPREAD_MS));
  }
}
