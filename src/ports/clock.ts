import type { Instant } from '../domain/instant.ts';

/** Tells the time. */
export interface Clock {
  now(): Instant;
}
