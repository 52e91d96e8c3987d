import type { SweepRequest } from '../../domain/sweep/sweep-request.ts';
import type { MessageQueue } from '../../ports/message-queue.ts';
import type { SweepQueue } from '../../ports/sweep/sweep-queue.ts';
import type { DeliveryQueue } from '../../ports/tell/delivery-queue.ts';

/** Remembers what it was asked for. */
export interface MemoryDeliveryQueue extends DeliveryQueue {
  /** The delays asked for, in seconds, oldest first. */
  readonly wakes: readonly number[];
}

/** A queue that wakes nobody: whoever asks looks at `wakes`. */
export function memoryDeliveryQueue(): MemoryDeliveryQueue {
  const wakes: number[] = [];
  return { wakes, wake: async (seconds) => void wakes.push(seconds) };
}

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

/** A queue that keeps what it was sent. */
export interface MemorySweepQueue extends SweepQueue {
  readonly requests: SweepRequest[];
}

/** Keeps requests in memory, in the order they came. */
export function memorySweepQueue(): MemorySweepQueue {
  const requests: SweepRequest[] = [];
  return {
    requests,
    async send(added) {
      requests.push(...added);
    },
  };
}
