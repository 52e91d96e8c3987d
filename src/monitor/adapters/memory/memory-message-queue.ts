import type { MessageQueue } from '../../ports/message-queue.ts';

/** Remembers what it was asked for. */
export interface MemoryMessageQueue extends MessageQueue {
  /** Seconds by receipt handle. */
  readonly postponed: ReadonlyMap<string, number>;
}

/** A queue that ends in memory. */
export function memoryMessageQueue(): MemoryMessageQueue {
  const postponed = new Map<string, number>();
  return {
    postponed,
    postpone: async (receiptHandle, seconds) => void postponed.set(receiptHandle, seconds),
  };
}
