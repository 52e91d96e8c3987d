import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bench, inject } from 'vitest';
import type { MeasuredCli } from './audit/measure-cli.ts';
import type { MeasuredFunction } from './audit/measure-function.ts';
import type { MeasuredQuarter } from './audit/measure-quarter.ts';
import { quarterBreaches } from './audit/quarter-budget.ts';
import { cliBreaches, functionBreaches } from './audit/size-budget.ts';
import { cliTable, functionTable, quarterTable } from './audit/table.ts';

/** Secrets of the quarter that is played, event by event. */
const QUARTER = 1_000;
/** Secrets of the account that is audited at once. */
const SECRETS = 10_000;

/** Runs a script of `bench/audit/` in a process of its own, and reads what it says. */
async function measured<T>(script: string, ...args: readonly (string | number)[]): Promise<T> {
  const path = fileURLToPath(new URL(`./audit/${script}.ts`, import.meta.url));
  const node = ['--max-old-space-size=12288', '--import', 'tsx', path, ...args.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, node, { maxBuffer: 1e9 });
  return JSON.parse(stdout) as T;
}

function within(broken: readonly string[]): void {
  if (broken.length > 0) throw new Error(broken.join('\n'));
}

/** Each is made once: what counts is measured in processes of their own. */
const ONCE = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 };

bench(
  'each figure of a quarter is the truth',
  async () => {
    const quarter = await measured<MeasuredQuarter>('measure-quarter', QUARTER, 0);
    console.log(quarterTable(quarter));
    within(quarterBreaches(quarter.compared, false));
  },
  ONCE,
);

bench(
  'with a tenth of the events lost completed rotations are the truth',
  async () => {
    const quarter = await measured<MeasuredQuarter>('measure-quarter', QUARTER, 0.1);
    console.log(quarterTable(quarter));
    within(quarterBreaches(quarter.compared, true));
  },
  ONCE,
);

bench(
  'the command line audits ten thousand secrets in little memory, and begins to write at once',
  async () => {
    const cli = await measured<MeasuredCli>('measure-cli', inject('cli'), SECRETS);
    console.log(cliTable(cli));
    within(cliBreaches(cli));
  },
  ONCE,
);

bench(
  'the function audits ten thousand secrets in its memory and its time, and hands over where it has less',
  async () => {
    const audits = await measured<MeasuredFunction>('measure-function', SECRETS);
    console.log(functionTable(audits));
    within(functionBreaches(audits));
  },
  ONCE,
);
