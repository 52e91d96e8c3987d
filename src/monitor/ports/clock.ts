import type { Instant } from '../../calendar/instant.ts';

/** Reads the time, and waits. */
export interface Clock {
  now(): Instant;
  /** Ends so many milliseconds from now. */
  pause(ms: number): Promise<void>;
}
