import type { Instant } from '../../../calendar/instant.ts';
import type { FunctionLog } from '../../ports/look/function-log.ts';

/** A line about an error, and its time. */
interface ErrorLine {
  readonly at: Instant;
  readonly text: string;
}

/** Keeps the error lines of functions in this process, by log group. */
export const memoryFunctionLog = (groups: Readonly<Record<string, readonly ErrorLine[]>>): FunctionLog => ({
  errorLines: async (group, { from, until }, most) =>
    (groups[group] ?? [])
      .filter(({ at }) => at >= from && at <= until)
      .map(({ text }) => text)
      .slice(-most),
});
