/** The reason why a secret could not be read. */
export type ReadFailure =
  | 'denied'
  | 'not-found'
  | 'invalid'
  | 'throttled'
  | 'timeout'
  | 'server'
  | 'network'
  | 'closed';

/** Failures that may pass by themselves: a cache serves what it has while they last. */
const PASSING: ReadonlySet<ReadFailure> = new Set(['throttled', 'timeout', 'server', 'network']);

/** A secret could not be read. Neither the message nor the cause carries text of a secret. */
export class SecretReadError extends Error {
  override readonly name = 'SecretReadError';
  readonly reason: ReadFailure;
  /** Id that was asked for. */
  readonly secretId: string;

  constructor(secretId: string, reason: ReadFailure, detail: string, options?: ErrorOptions) {
    super(`Cannot read secret "${secretId}": ${detail}`, options);
    this.reason = reason;
    this.secretId = secretId;
  }

  /** Whether the same read may work later without anybody changing anything. */
  get retryable(): boolean {
    return PASSING.has(this.reason);
  }
}

/** Whether an error is a {@link SecretReadError}, also one of another copy of this package in the process. */
export const isReadError = (error: unknown): error is SecretReadError =>
  error instanceof SecretReadError ||
  (error instanceof Error && error.name === 'SecretReadError' && 'reason' in error);

/** The value of a secret has not the form that was asked for. The message never quotes the value. */
export class SecretFormatError extends Error {
  override readonly name = 'SecretFormatError';
}

/** The server says that an account is locked. No other credential is tried, as each try may prolong the lock. */
export class AccountLockedError extends Error {
  override readonly name = 'AccountLockedError';
  readonly secretId: string;

  constructor(secretId: string) {
    super(`Cannot log in with secret "${secretId}": the server says that the account is locked`);
    this.secretId = secretId;
  }
}

/** The server refused AWSCURRENT and AWSPENDING, as far as they may be read and tried, for the whole budget. */
export class CredentialsRefusedError extends Error {
  override readonly name = 'CredentialsRefusedError';
  readonly secretId: string;

  constructor(secretId: string) {
    super(`Cannot log in with secret "${secretId}": no version of it that may be tried was accepted in time`);
    this.secretId = secretId;
  }
}

/** A configuration does not fit its schema. Neither the message nor the faults quote a value. */
export class SecretConfigError extends Error {
  override readonly name = 'SecretConfigError';
  readonly secretId: string;
  /** One sentence per field. */
  readonly faults: readonly string[];

  constructor(secretId: string, faults: readonly string[]) {
    super(`Cannot use secret "${secretId}" as configuration: ${faults.join('; ')}`);
    this.secretId = secretId;
    this.faults = faults;
  }
}
