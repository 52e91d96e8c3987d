import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { MINUTE } from '../../src/calendar/instant.ts';
import { breachText } from '../../src/proving/court/judge-run.ts';
import type { ChaosOptions } from './engine/options.ts';
import { SABOTAGES } from './engine/sabotage.ts';
import { ResultsFile } from './results-file.ts';
import type { SeedResult } from './seed-result.ts';
import { resultRow, TABLE_HEAD } from './table.ts';

const HELP = `npm run chaos -- [options]

Plays an account whose secrets, functions, targets, people and network fail by chance, and judges the alerts.

  --seed N            which chance; may be given again (1)
  --days N            simulated days (30)
  --secrets N         (100)
  --sweep-minutes N   between two sweeps (5)
  --incident-days N   between two incidents of one secret (25)
  --outage-days N     between two times in which many calls fail together; 0 is never (5)
  --sabotage NAME     breaks the monitor on purpose: ${SABOTAGES.join(', ')}
  --wire              has the clients write and read the formats of the wire, which takes longer
  --jobs N            seeds that run in parallel (1)
  --results FILE      keeps results; seeds that stand in it are not run again

Examples:
  npm run chaos -- --seed 1 --days 2
  npm run chaos -- --seed 1 --seed 2 --jobs 2 --results chaos.json

Exit codes:
  0  no promise was broken
  1  one was: what, and how to replay it, is on standard error
  2  an option is not understood
`;

/** A month of chaos for each seed; a run that breaks a promise prints what it broke and how to replay it. */
async function main(): Promise<void> {
  const values = readOptions();
  if (values === undefined) return;
  const sabotage = SABOTAGES.find((each) => each === values.sabotage);
  const waiting = values.seed.map(
    (seed): ChaosOptions => ({
      seed: Number(seed),
      days: Number(values.days),
      secrets: Number(values.secrets),
      sweepEveryMs: Number(values['sweep-minutes']) * MINUTE,
      incidentEveryDays: Number(values['incident-days']),
      ...(values['outage-days'] === '0' ? {} : { outageEveryDays: Number(values['outage-days']) }),
      ...(sabotage === undefined ? {} : { sabotage }),
      ...(values.wire ? { wire: true } : {}),
    }),
  );
  const kept = new ResultsFile(values.results);
  console.log(TABLE_HEAD.join('\n'));
  const work = async (): Promise<void> => {
    for (let options = waiting.shift(); options !== undefined; options = waiting.shift()) {
      const known = kept.find(options);
      const result = known ?? (await inProcessOfItsOwn(options));
      if (known === undefined) kept.keep(result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
}

/** Returns the options; undefined where help was wanted, or an option is not understood. */
function readOptions(): ReturnType<typeof given>['values'] | undefined {
  try {
    const { values } = given();
    if (values.help) console.log(HELP);
    return values.help ? undefined : values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exitCode = 2;
    return undefined;
  }
}

const given = () =>
  parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      seed: { type: 'string', multiple: true, default: ['1'] },
      days: { type: 'string', default: '30' },
      secrets: { type: 'string', default: '100' },
      'sweep-minutes': { type: 'string', default: '5' },
      'incident-days': { type: 'string', default: '25' },
      /** Many calls fail together so often; 0 is never. */
      'outage-days': { type: 'string', default: '5' },
      sabotage: { type: 'string' },
      wire: { type: 'boolean', default: false },
      /** Seeds that run in parallel. */
      jobs: { type: 'string', default: '1' },
      /** File of results; seeds that stand in it are not run again. */
      results: { type: 'string' },
    },
  });

/** Runs one seed in a child process; its progress goes to standard error. */
function inProcessOfItsOwn(options: ChaosOptions): Promise<SeedResult> {
  return new Promise((resolve, reject) => {
    const script = new URL('./seed.ts', import.meta.url);
    const child = fork(script, [JSON.stringify(options)], {
      execArgv: ['--max-semi-space-size=32', '--max-old-space-size=8192', '--import', 'tsx'],
    });
    child.once('message', (result) => resolve(result as SeedResult));
    child.once('exit', (code) => reject(new Error(`Seed ${options.seed} ended with exit code ${code}`)));
  });
}

function tell(result: SeedResult): void {
  console.log(resultRow(result));
  const { options, judged } = result;
  if (judged.breaches.length === 0) return;
  process.exitCode = 1;
  console.error(
    `Seed ${options.seed} broke ${judged.breaches.length} promises; to replay: ${replay(options)}`,
  );
  for (const breach of judged.breaches) console.error(`  ${breachText(breach)}`);
}

/** The command that makes the same run. */
function replay(options: ChaosOptions): string {
  const { seed, days, secrets, sweepEveryMs, incidentEveryDays, outageEveryDays, sabotage, wire } = options;
  const usual = `--seed ${seed} --days ${days} --secrets ${secrets} --sweep-minutes ${sweepEveryMs / MINUTE} --incident-days ${incidentEveryDays}`;
  return `tsx bench/chaos/run.ts ${usual} --outage-days ${outageEveryDays ?? 0}${sabotage === undefined ? '' : ` --sabotage ${sabotage}`}${wire ? ' --wire' : ''}`;
}

await main();
