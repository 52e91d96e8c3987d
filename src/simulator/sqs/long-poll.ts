import { later, SECOND } from '../../calendar/instant.ts';
import type { SimulatorClock } from '../time/clock.ts';
import type { WaitForMessage } from './message-operations.ts';

/** Long polling on a clock that goes by itself: ends when a message becomes visible or the time is over. */
export const longPoll =
  (clock: SimulatorClock): WaitForMessage =>
  (queue, seconds) =>
    new Promise((resolve) => {
      const ends = [clock.schedule(later(clock.now(), seconds * SECOND), () => end())];
      ends.push(queue.onVisible((visibleAt) => ends.push(clock.schedule(visibleAt, () => end()))));
      const end = (): void => {
        for (const stop of ends) stop();
        resolve();
      };
    });
