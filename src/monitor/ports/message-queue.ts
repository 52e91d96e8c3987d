import { PortError } from './failure.ts';

/** A queue that feeds a function; fails with a {@link MessageQueueError}. */
export interface MessageQueue {
  /** Hides a message that was received until so many seconds (0 to 43,200) from now. */
  postpone(receiptHandle: string, seconds: number): Promise<void>;
}

/** The message could not be postponed; it comes back after the usual time. */
export class MessageQueueError extends PortError {
  override readonly name = 'MessageQueueError';
}
