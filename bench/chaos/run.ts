import { parseArgs } from 'node:util';
import { MINUTE } from '../../src/domain/instant.ts';
import { breachText, judgeRun } from './engine/judge-run.ts';
import { runChaos } from './engine/run-chaos.ts';
import { resultRow, TABLE_HEAD } from './table.ts';

/** A year of chaos, one run for each seed; a run that breaks a promise prints its seed and how to replay it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', multiple: true, default: ['1'] },
      days: { type: 'string', default: '365' },
      secrets: { type: 'string', default: '100' },
      'sweep-minutes': { type: 'string', default: '15' },
      'incident-days': { type: 'string', default: '25' },
    },
  });
  const rows: string[] = [];
  for (const seed of values.seed.map(Number)) {
    const startedAt = performance.now();
    const run = await runChaos({
      seed,
      days: Number(values.days),
      secrets: Number(values.secrets),
      sweepEveryMs: Number(values['sweep-minutes']) * MINUTE,
      incidentEveryDays: Number(values['incident-days']),
    });
    const judged = judgeRun(run);
    rows.push(resultRow(run, judged, (performance.now() - startedAt) / 1000));
    if (judged.breaches.length === 0) continue;
    process.exitCode = 1;
    const { days, secrets } = run.options;
    const flags = `--seed ${seed} --days ${days} --secrets ${secrets} --sweep-minutes ${values['sweep-minutes']} --incident-days ${values['incident-days']}`;
    console.error(
      `Seed ${seed} broke ${judged.breaches.length} promises; to replay: tsx bench/chaos/run.ts ${flags}`,
    );
    for (const breach of judged.breaches) console.error(`  ${breachText(breach)}`);
  }
  console.log([...TABLE_HEAD, ...rows].join('\n'));
}

await main();
