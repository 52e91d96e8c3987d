import type { SweepRequest } from '../../domain/sweep/sweep-request.ts';
import type { SweepQueue } from '../../ports/sweep/sweep-queue.ts';

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
