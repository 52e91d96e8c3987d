import { SECOND } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { OnPage } from '../../monitor/application/sweep/sweep-run.ts';
import { changingLine } from '../terminal/changing-line.ts';
import type { TextStream } from '../terminal/output.ts';

/** Duration below which nothing is printed until the end, and no rate is shown. */
export const QUIET_MS: number = 2 * SECOND;

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
  const line = changingLine(stream);
  return {
    onPage: ({ observed, suspects }) => {
      const takenMs = elapsedMs();
      if (takenMs < QUIET_MS) return;
      const rate = rateText(observed, takenMs);
      line.show(`${plural(observed, 'secret')} checked, ${plural(suspects, 'suspect')}${rate} …`);
    },
    end: line.end,
  };
}
