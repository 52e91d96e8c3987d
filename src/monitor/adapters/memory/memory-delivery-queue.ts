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
