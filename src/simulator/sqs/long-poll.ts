import { later, SECOND } from '../../calendar/instant.ts';
import type { SimulatorClock } from '../time/clock.ts';
import type { WaitForMessage } from './message-operations.ts';

/** Long polling: ends when a message becomes visible or the time is over, and at once on a clock that stands still. */
export const longPoll =
  (clock: SimulatorClock): WaitForMessage =>
  (queue, seconds) => {
    if (!clock.isLive) return undefined;
    return new Promise((resolve) => {
      const ends: (() => void)[] = [];
      const end = (): void => {
        for (const stop of ends) stop();
        resolve();
      };
      // Another receiver may have taken or deleted what became visible.
      const look = (): void => {
        if (queue.depth().visible > 0) end();
      };
      ends.push(clock.schedule(later(clock.now(), seconds * SECOND), end));
      ends.push(queue.onVisible((visibleAt) => ends.push(clock.schedule(visibleAt, look))));
    });
  };
