import type { Instant } from '../../calendar/instant.ts';
import type { CommandClocks } from '../../monitor/compose/operator/command-clocks.ts';
import type { Terminal } from './output.ts';

/** The clocks of a command: its `--now` stops the one that it judges by, and shortens no pause. */
export const clocksOf = (
  { clock: wallClock }: Pick<Terminal, 'clock'>,
  now: Instant | undefined,
): CommandClocks => ({
  clock: now === undefined ? wallClock : { now: () => now, pause: (ms) => wallClock.pause(ms) },
  wallClock,
});
