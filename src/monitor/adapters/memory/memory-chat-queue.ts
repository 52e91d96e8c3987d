import type { ChatQueue } from '../../ports/tell/chat-queue.ts';

/** Remembers what it was asked for. */
export interface MemoryChatQueue extends ChatQueue {
  /** Seconds by receipt handle. */
  readonly postponed: ReadonlyMap<string, number>;
}

/** A queue that ends in memory. */
export function memoryChatQueue(): MemoryChatQueue {
  const postponed = new Map<string, number>();
  return {
    postponed,
    postpone: async (receiptHandle, seconds) => void postponed.set(receiptHandle, seconds),
  };
}
