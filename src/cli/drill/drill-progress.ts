import { DAY, formatInstant, type Instant } from '../../calendar/instant.ts';
import type { Scenario } from '../../proving/scenario/scenario.ts';
import { REWRITE, type TextStream } from '../terminal/output.ts';

/** A line that says how far a drill has come. */
export interface DrillProgress {
  readonly onHour: (now: Instant) => void;
  /** Writes something else: the line makes way and comes back with the next hour. */
  pause(write: () => void): void;
  /** Leaves no half line behind. */
  end(): void;
}

/** Shows the simulated date in place while a person watches; nothing in a file or a pipe. */
export function drillProgress(stream: TextStream, { start, days }: Scenario): DrillProgress {
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write(REWRITE);
    shown = false;
  };
  return {
    onHour: (now) => {
      if (!stream.isTTY) return;
      const day = Math.floor((now - start) / DAY) + 1;
      stream.write(`${REWRITE}${formatInstant(now).slice(0, 10)}, day ${day} of ${days} …`);
      shown = true;
    },
    pause: (write) => {
      clear();
      write();
    },
    end: clear,
  };
}
