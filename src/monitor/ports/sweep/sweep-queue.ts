import type { SweepRequest } from '../../domain/sweep/sweep-request.ts';
import { PortError } from '../failure.ts';

/** Has targets swept by invocations of their own; fails with a {@link SweepQueueError}. */
export interface SweepQueue {
  /** Sends all requests, or fails when one of them was not taken. */
  send(requests: readonly SweepRequest[]): Promise<void>;
}

/** A request was not taken; the next sweep of the schedule asks again. */
export class SweepQueueError extends PortError {
  override readonly name = 'SweepQueueError';
}
