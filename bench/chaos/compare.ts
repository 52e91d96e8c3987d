import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MINUTE } from '../../src/calendar/instant.ts';
import type { ChaosOptions } from './engine/options.ts';
import type { SeedResult } from './seed-result.ts';

const HELP = `npm run chaos:compare -- CHECKOUT [options]

Plays the same chaos with the code of this checkout and with that of another one, in turn, and compares their processor
time. Each run has a process of its own. The other checkout needs its packages installed.

  --pairs N           runs of each checkout (3)
  --days N            simulated days (4)
  --seed N            (1)
  --secrets N         (100)
  --sweep-minutes N   between two sweeps, in both checkouts (5)
  --most N            greatest median of the ratios of both (0.6)

Exit codes:
  0  the median is within its limit
  1  it is not
  2  an option is not understood
`;

/** The processor time of one run. */
interface Cost {
  readonly sweeps: number;
  /** User and system time of the process from its start to its end, in seconds. */
  readonly seconds: number;
}

/** Prints one row for each pair, and the median of their ratios. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '3' },
      days: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      secrets: { type: 'string', default: '100' },
      'sweep-minutes': { type: 'string', default: '5' },
      most: { type: 'string', default: '0.6' },
    },
  });
  const [other] = positionals;
  if (other === undefined) {
    console.error(HELP);
    process.exitCode = 2;
    return;
  }
  const options: ChaosOptions = {
    seed: Number(values.seed),
    days: Number(values.days),
    secrets: Number(values.secrets),
    sweepEveryMs: Number(values['sweep-minutes']) * MINUTE,
    incidentEveryDays: 25,
  };
  const own = fileURLToPath(new URL('../..', import.meta.url));
  const ratios: number[] = [];
  console.log('| pair | before: sweeps, s | ms a sweep | now: sweeps, s | ms a sweep | ratio |');
  console.log('| --: | --: | --: | --: | --: | --: |');
  for (let pair = 1; pair <= Number(values.pairs); pair++) {
    const before = await costIn(other, options);
    const now = await costIn(own, options);
    const ratio = perSweep(now) / perSweep(before);
    ratios.push(ratio);
    console.log(`| ${pair} | ${shown(before)} | ${shown(now)} | ${ratio.toFixed(2)} |`);
  }
  const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0;
  console.log(`\nMedian ratio: ${median.toFixed(2)}, limit: ${values.most}`);
  if (median > Number(values.most)) process.exitCode = 1;
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
  const script = ['bench/chaos/seed.ts', JSON.stringify(options)];
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

await main();
