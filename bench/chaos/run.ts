import { fork } from 'node:child_process';
import { MINUTE } from '../../src/calendar/instant.ts';
import { breachText } from '../../src/proving/court/judge-run.ts';
import { type Asked, chaosCommand } from './chaos-command.ts';
import type { ChaosOptions } from './engine/options.ts';
import { ResultsFile } from './results-file.ts';
import type { SeedResult } from './seed-result.ts';
import { resultRow, TABLE_HEAD } from './table.ts';

/** A month of chaos for each seed; a run that breaks a promise prints what it broke and how to replay it. */
async function playAll({ runs, jobs, results }: Asked): Promise<void> {
  const waiting = [...runs];
  const kept = new ResultsFile(results);
  console.log(TABLE_HEAD.join('\n'));
  const work = async (): Promise<void> => {
    for (let options = waiting.shift(); options !== undefined; options = waiting.shift()) {
      const known = kept.find(options);
      const result = known ?? (await inProcessOfItsOwn(options));
      if (known === undefined) kept.keep(result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

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

await chaosCommand(playAll).parseAsync();
