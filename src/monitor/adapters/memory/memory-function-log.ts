import type { LogLine } from '../../domain/examine/logged-run.ts';
import type { FunctionLog } from '../../ports/look/function-log.ts';

/** Keeps the lines of functions in this process, by log group. */
export const memoryFunctionLog = (groups: Readonly<Record<string, readonly LogLine[]>>): FunctionLog => ({
  lines: async (group, { from, until }, words) => {
    const lines = groups[group]?.filter(
      ({ at, text }) => at >= from && at < until && words.some((word) => text.includes(word)),
    );
    return lines && { lines, isWhole: true };
  },
});
