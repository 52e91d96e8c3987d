import type { Heartbeat } from '../../../ports/watch/heartbeat.ts';

/** Counts its beats. */
export interface MemoryHeartbeat extends Heartbeat {
  readonly beats: () => number;
}

/** A heartbeat that only memory hears. */
export function memoryHeartbeat(): MemoryHeartbeat {
  let beats = 0;
  return {
    beats: () => beats,
    beat: async () => {
      beats += 1;
    },
  };
}
