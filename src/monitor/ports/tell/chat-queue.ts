import { PortError } from '../failure.ts';

/** The queue that chat messages wait in; fails with a {@link ChatQueueError}. */
export interface ChatQueue {
  /** Hides a message that was received until so many seconds (0 to 43,200) from now. */
  postpone(receiptHandle: string, seconds: number): Promise<void>;
}

/** The message could not be postponed; it comes back after the usual time. */
export class ChatQueueError extends PortError {
  override readonly name = 'ChatQueueError';
}
