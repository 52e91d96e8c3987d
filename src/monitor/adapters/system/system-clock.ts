import { setTimeout } from 'node:timers/promises';
import { instant } from '../../../calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';

/** The machine's clock: the only place that asks what time it is. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  pause: async (ms) => {
    await setTimeout(ms);
  },
};
