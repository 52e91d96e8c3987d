import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, bench } from 'vitest';
import { breaches, type Measured } from './sweep/budget.ts';
import type { FleetCosts, RunKind } from './sweep/measure.ts';
import { resultTable } from './sweep/table.ts';

const MEASURE = fileURLToPath(new URL('./sweep/measure.ts', import.meta.url));
/** Garbage is collected on demand; bytecode is kept, so that what two looks differ by is not code. */
const NODE_OPTIONS = ['--expose-gc', '--no-flush-bytecode', '--import', 'tsx'];
const SIZES = [1_000, 5_000, 20_000];
const LARGEST = 20_000;
const FEW = 10;

let measured: Measured;

beforeAll(async () => {
  const growing: FleetCosts[] = [];
  for (const secrets of SIZES) {
    growing.push(await measure(secrets, secrets / 100, ['first', 'steady', 'plain']));
  }
  measured = { growing, fewSuspects: await measure(LARGEST, FEW, ['first', 'steady']) };
  console.log(resultTable(measured, new Date().toISOString().slice(0, 10)));
}, 0);

/** One comparison, made once: what counts was measured above, in processes of its own. */
bench(
  'the calls and the memory of a sweep keep to the budget',
  () => {
    const broken = breaches(measured);
    if (broken.length > 0) throw new Error(broken.join('\n'));
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

/** Measures one fleet in a process of its own, so that no run finds the heap of another. */
async function measure(secrets: number, suspects: number, runs: readonly RunKind[]): Promise<FleetCosts> {
  console.error(`Sweeping ${secrets} secrets, ${suspects} of them suspects: ${runs.join(', ')}`);
  const args = [...NODE_OPTIONS, MEASURE, String(secrets), String(suspects), runs.join()];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as FleetCosts;
}
