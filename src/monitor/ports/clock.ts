import type { Instant } from '../../calendar/instant.ts';

/** Tells the time. */
export interface Clock {
  now(): Instant;
}
