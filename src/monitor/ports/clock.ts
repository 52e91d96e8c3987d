import type { Instant } from '../../calendar/instant.ts';

/** Tells the time, and lets it go by. */
export interface Clock {
  now(): Instant;
  /** Ends so many milliseconds from now. */
  pause(ms: number): Promise<void>;
}
