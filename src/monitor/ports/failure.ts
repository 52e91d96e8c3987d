/** The reason why a call to the outside world failed; the closed list becomes a metric dimension. */
export type FailureReason =
  | 'throttled'
  | 'denied'
  | 'not-found'
  | 'invalid'
  | 'timeout'
  | 'server'
  | 'network';

/** The details that every failure of the outside world carries. */
export interface FailureDetails {
  readonly reason: FailureReason;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** The original error. */
  readonly cause?: unknown;
}

/** A call to the outside world failed; each port has a class of its own. */
export abstract class PortError extends Error {
  readonly reason: FailureReason;
  readonly retryable: boolean;

  constructor(message: string, { reason, retryable, cause }: FailureDetails) {
    super(message, { cause });
    this.reason = reason;
    this.retryable = retryable;
  }
}
