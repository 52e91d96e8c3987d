import type { Instant } from './instant.ts';

/** A stretch of time, both ends included. */
export interface TimeSpan {
  readonly from: Instant;
  readonly until: Instant;
}

/** Whether an instant is in the span. */
export const isWithin = (at: Instant, { from, until }: TimeSpan): boolean => at >= from && at <= until;
