import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from 'commander';
import { aboveZero, toolCommand, wholeFrom } from '../../scripts/tools/tool-command.ts';
import { MINUTE } from '../../src/calendar/instant.ts';
import type { ChaosOptions } from './engine/options.ts';
import type { SeedResult } from './seed-result.ts';

/** The program that plays one seed, from the root of a checkout. */
const SEED = 'bench/chaos/seed.ts';

/** Options of the command line. */
interface Given {
  readonly pairs: number;
  readonly days: number;
  readonly seed: number;
  readonly secrets: number;
  readonly sweepMinutes: number;
  readonly most: number;
}

const command = toolCommand({
  name: 'npm run chaos:compare --',
  does: 'Plays the same chaos with the code of this checkout and with that of another one, in turn, and compares their processor time. Each run has a process of its own. The other checkout needs its packages installed.',
  examples: ['npm run chaos:compare -- ../before --pairs 5'],
  exitCodes: { 0: 'the median is within its limit', 1: 'it is not' },
})
  .argument('<checkout>', 'folder of the other checkout', checkoutAt)
  .option('--pairs <n>', 'runs of each checkout', wholeFrom(1), 3)
  .option('--days <n>', 'simulated days', aboveZero, 4)
  .option('--seed <n>', 'which chance', wholeFrom(0), 1)
  .option('--secrets <n>', 'secrets of the account', wholeFrom(1), 100)
  .option('--sweep-minutes <n>', 'between two sweeps, in both checkouts', aboveZero, 5)
  .option('--most <n>', 'greatest median of the ratios of both', aboveZero, 0.6)
  .action(compare);

/** Returns the folder of a checkout that can play chaos. */
function checkoutAt(folder: string): string {
  if (existsSync(join(folder, SEED))) return folder;
  throw new InvalidArgumentError(
    `Expected a checkout of this project: "${join(folder, SEED)}" is not there.`,
  );
}

/** The processor time of one run. */
interface Cost {
  readonly sweeps: number;
  /** User and system time of the process from its start to its end, in seconds. */
  readonly seconds: number;
}

/** Prints one row for each pair, and the median of their ratios. */
async function compare(other: string, { pairs, most, ...given }: Given): Promise<void> {
  const options: ChaosOptions = {
    seed: given.seed,
    days: given.days,
    secrets: given.secrets,
    sweepEveryMs: given.sweepMinutes * MINUTE,
    incidentEveryDays: 25,
  };
  const own = fileURLToPath(new URL('../..', import.meta.url));
  const ratios: number[] = [];
  console.log('| pair | before: sweeps, s | ms a sweep | now: sweeps, s | ms a sweep | ratio |');
  console.log('| --: | --: | --: | --: | --: | --: |');
  for (let pair = 1; pair <= pairs; pair++) {
    const before = await costIn(other, options);
    const now = await costIn(own, options);
    const ratio = perSweep(now) / perSweep(before);
    ratios.push(ratio);
    console.log(`| ${pair} | ${shown(before)} | ${shown(now)} | ${ratio.toFixed(2)} |`);
  }
  const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0;
  console.log(`\nMedian ratio: ${median.toFixed(2)}, limit: ${most}`);
  if (median > most) process.exitCode = 1;
}

const perSweep = ({ sweeps, seconds }: Cost): number => (1000 * seconds) / sweeps;

const shown = (cost: Cost): string =>
  `${cost.sweeps}, ${cost.seconds.toFixed(1)} | ${perSweep(cost).toFixed(2)}`;

/** Writes the processor time of a process to its fifth stream when it ends, whatever its code is. */
const METER = `data:text/javascript,${encodeURIComponent(`
import { writeSync } from 'node:fs';
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(4, String((user + system) / 1e6));
});
`)}`;

/** Runs one seed with the code of a checkout. */
async function costIn(checkout: string, options: ChaosOptions): Promise<Cost> {
  const heap = ['--max-semi-space-size=32', '--max-old-space-size=8192'];
  const script = [SEED, JSON.stringify(options)];
  const child = spawn(process.execPath, [...heap, '--import', METER, '--import', 'tsx', ...script], {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  });
  let sweeps = 0;
  let seconds = '';
  child.on('message', (result) => {
    sweeps = (result as SeedResult).figures.sweeps;
  });
  child.stdio[4]?.on('data', (chunk) => {
    seconds += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (sweeps === 0 || seconds === '') throw new Error(`The run in ${checkout} ended with exit code ${code}`);
  return { sweeps, seconds: Number(seconds) };
}

await command.parseAsync();
