import { type Command, Option } from 'commander';
import { aboveZero, toolCommand, wholeFrom } from '../../scripts/tools/tool-command.ts';
import { MINUTE } from '../../src/calendar/instant.ts';
import type { ChaosOptions } from './engine/options.ts';
import { SABOTAGES, type Sabotage } from './engine/sabotage.ts';

/** Options of the command line, as commander names them. */
interface Given {
  readonly seed?: readonly number[];
  readonly days: number;
  readonly secrets: number;
  readonly sweepMinutes: number;
  readonly incidentDays: number;
  readonly outageDays: number;
  readonly sabotage?: Sabotage;
  readonly wire?: true;
  readonly jobs: number;
  readonly results?: string;
}

/** The runs that a command line asks for. */
export interface Asked {
  /** A run for each seed. */
  readonly runs: readonly ChaosOptions[];
  /** Runs at the same time. */
  readonly jobs: number;
  /** File of results; undefined where none are kept. */
  readonly results: string | undefined;
}

/** The command of the runs; `run` gets what it asks for. */
export const chaosCommand = (run: (asked: Asked) => Promise<void>): Command =>
  toolCommand({
    name: 'npm run chaos --',
    does: 'Plays an account whose secrets, functions, targets, people and network fail by chance, and judges the alerts.',
    examples: [
      'npm run chaos -- --seed 1 --days 2',
      'npm run chaos -- --seed 1 --seed 2 --jobs 2 --results chaos.json',
    ],
    exitCodes: {
      0: 'no promise was broken',
      1: 'one was: what, and how to replay it, is on standard error',
    },
  })
    .option('--seed <n>', 'which chance; may be given again (default: 1)', andSeed)
    .option('--days <n>', 'simulated days', aboveZero, 30)
    .option('--secrets <n>', 'secrets of the account', wholeFrom(1), 100)
    .option('--sweep-minutes <n>', 'between two sweeps', aboveZero, 5)
    .option('--incident-days <n>', 'between two incidents of one secret', aboveZero, 25)
    .option(
      '--outage-days <n>',
      'between two times in which many calls fail together; 0 is never',
      wholeFrom(0),
      5,
    )
    .addOption(new Option('--sabotage <name>', 'breaks the monitor on purpose').choices(SABOTAGES))
    .option('--wire', 'has the clients write and read the formats of the wire, which takes longer')
    .option('--jobs <n>', 'seeds that run in parallel', wholeFrom(1), 1)
    .option('--results <file>', 'keeps results; seeds that stand in it are not run again')
    .action((given: Given) => run(askedBy(given)));

const andSeed = (text: string, before: readonly number[] = []): readonly number[] => [
  ...before,
  wholeFrom(0)(text),
];

function askedBy({ seed = [1], sabotage, ...given }: Given): Asked {
  const runs = seed.map((each) => ({
    seed: each,
    days: given.days,
    secrets: given.secrets,
    sweepEveryMs: given.sweepMinutes * MINUTE,
    incidentEveryDays: given.incidentDays,
    ...(given.outageDays === 0 ? {} : { outageEveryDays: given.outageDays }),
    ...(sabotage === undefined ? {} : { sabotage }),
    ...(given.wire === undefined ? {} : { wire: given.wire }),
  }));
  return { runs, jobs: given.jobs, results: given.results };
}
