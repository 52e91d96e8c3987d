import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, bench } from 'vitest';
import { breaches, type MeasuredDays, mistold, SMALL_TARGET } from './cost/budget.ts';
import { costTables } from './cost/table.ts';
import type { DayUsage } from './cost/usage.ts';

const MEASURE = fileURLToPath(new URL('./cost/measure.ts', import.meta.url));

let days: MeasuredDays;

beforeAll(async () => {
  const [small, home, large] = [await played(100), await played(1_000), await played(10_000)];
  const both = await played(1_000, 1_000);
  const withSmall = await played(1_000, SMALL_TARGET);
  days = { alone: [small, home, large], further: { home, both, small: withSmall } };
  console.log(costTables(days));
}, 0);

/** One comparison, made once: what counts was counted above, in processes of their own. */
bench(
  'a month costs no more than its target',
  () => {
    const broken = [...breaches(days), ...mistold(days)];
    if (broken.length > 0) throw new Error(broken.join('\n'));
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

/** Plays one day in a process of its own. */
async function played(...args: readonly number[]): Promise<DayUsage> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    MEASURE,
    ...args.map(String),
  ]);
  return JSON.parse(stdout) as DayUsage;
}
