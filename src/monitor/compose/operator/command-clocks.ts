import type { Clock } from '../../ports/clock.ts';

/** The clocks of a command. */
export interface CommandClocks {
  /** The time to judge by, which may stand still. */
  readonly clock: Clock;
  /** The time that passes while a command runs: what it waits for and how long it takes go by this one. */
  readonly wallClock: Clock;
}
