import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, bench } from 'vitest';
import { breaches, scaleTable } from './scale/budget.ts';
import type { MeasuredScale } from './scale/measure.ts';

const MEASURE = fileURLToPath(new URL('./scale/measure.ts', import.meta.url));
/** The simulated account with all its secrets stands in the same process as the monitor. */
const NODE_OPTIONS = ['--max-old-space-size=12288', '--import', 'tsx'];

let measured: MeasuredScale;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_OPTIONS, MEASURE]);
  measured = JSON.parse(stdout) as MeasuredScale;
  console.log(scaleTable(measured));
}, 0);

/** One comparison, made once: what counts was measured above, in a process of its own. */
bench(
  'the largest account that AWS allows is swept by hand-over, and nothing is skipped',
  () => {
    const broken = breaches(measured);
    if (broken.length > 0) throw new Error(broken.join('\n'));
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);
