import { SECOND } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { OnPage } from '../../monitor/application/sweep/sweep-run.ts';
import { REWRITE, type TextStream } from '../terminal/output.ts';

/** Shorter sweeps print nothing until they are done, and show no rate. */
const QUIET_MS: number = 2 * SECOND;

/** Returns how many were read in a second, behind the count; nothing before there was time to measure it. */
export function rateText(count: number, elapsedMs: number): string {
  if (elapsedMs < QUIET_MS) return '';
  const rate = count / (elapsedMs / SECOND);
  const shown = rate.toLocaleString('en-US', { maximumFractionDigits: rate < 10 ? 1 : 0 });
  return `, ${shown} a second`;
}

/** Prints the progress of a sweep. */
export interface Progress {
  readonly onPage: OnPage;
  /** Leaves no half line behind. */
  end(): void;
}

/** Prints the progress after every page once a sweep takes long: in place for a person, line by line for a file. */
export function sweepProgress(stream: TextStream, elapsedMs: () => number): Progress {
  let shown = false;
  return {
    onPage: ({ observed, suspects }) => {
      const takenMs = elapsedMs();
      if (takenMs < QUIET_MS) return;
      shown = true;
      const line = `${plural(observed, 'secret')} checked, ${plural(suspects, 'suspect')}${rateText(observed, takenMs)} …`;
      stream.write(stream.isTTY ? `${REWRITE}${line}` : `${line}\n`);
    },
    end: () => {
      if (shown && stream.isTTY) stream.write(REWRITE);
    },
  };
}
