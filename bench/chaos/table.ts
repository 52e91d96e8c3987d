import type { Judged } from './engine/judge-run.ts';
import type { ChaosRun } from './engine/run-chaos.ts';

/** Head of the table of results, in Markdown. */
export const TABLE_HEAD: readonly string[] = [
  '| seed | days | secrets | sweeps, every | incidents | conditions | notifications | resolved | killed runs | breaches | unknowable | seconds |',
  '| --: | --: | --: | --- | --: | --: | --: | --: | --- | --: | --: | --: |',
];

/** One run as a row. */
export function resultRow(run: ChaosRun, judged: Judged, seconds: number): string {
  const { seed, days, secrets, sweepEveryMs } = run.options;
  const incidents = [...run.world.tally].reduce(
    (sum, [what, times]) => sum + (what.startsWith('incident') ? times : 0),
    0,
  );
  const killed = run.trouble.kills.length;
  const cells = [
    seed,
    days,
    secrets,
    `${whole(run.sweeps)}, ${sweepEveryMs / 60_000} min`,
    whole(incidents),
    whole(judged.conditions),
    whole(judged.notifications),
    whole(judged.resolved),
    `${whole(killed)} of ${whole(run.runs)} (${((100 * killed) / run.runs).toFixed(1)} %)`,
    judged.breaches.length,
    judged.unknowable.length,
    whole(Math.round(seconds)),
  ];
  return `| ${cells.join(' | ')} |`;
}

const whole = (count: number): string => count.toLocaleString('en');
