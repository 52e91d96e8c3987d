import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, bench } from 'vitest';
import { breaches } from './crowd/budget.ts';
import type { CrowdOutcome } from './crowd/measure.ts';

const MEASURE = fileURLToPath(new URL('./crowd/measure.ts', import.meta.url));
/** Secrets that get stuck behind one function. */
const CROWD = 10_000;

let outcome: CrowdOutcome;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', MEASURE, String(CROWD)]);
  outcome = JSON.parse(stdout) as CrowdOutcome;
  for (const { name, wallMs, peakBytes } of outcome.invocations) {
    console.log(`${name}: ${(wallMs / 1000).toFixed(1)} s, ${Math.round(peakBytes / 1e6)} MB`);
  }
}, 0);

/** One comparison, made once: what counts was measured above, in processes of its own. */
bench(
  'a crowd is reported once, by functions that keep to their memory and their time',
  () => {
    const broken = breaches(outcome);
    if (broken.length > 0) throw new Error(broken.join('\n'));
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);
