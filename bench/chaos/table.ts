import type { Lateness } from '../../src/proving/court/judge-run.ts';
import type { SeedResult } from './seed-result.ts';

/** Head of the table of results, in Markdown. */
export const TABLE_HEAD: readonly string[] = [
  '| seed | days | secrets | incident every | sweeps, every | incidents | events lost | told | resolved | killed runs | second mails after a kill | stuck told after its threshold: median, worst | the same with all events: median, worst | breaches | unknowable | minutes |',
  '| --: | --: | --: | --- | --- | --: | --- | --: | --: | --- | --: | --- | --- | --: | --: | --: |',
];

/** One run as a row. */
export function resultRow({ options, figures, judged }: SeedResult): string {
  const { seed, days, secrets, sweepEveryMs, incidentEveryDays } = options;
  const { sweeps, incidents, eventsDropped, events, kills, runs, seconds } = figures;
  const cells = [
    seed,
    days,
    whole(secrets),
    `${incidentEveryDays} days`,
    `${whole(sweeps)}, ${sweepEveryMs / 60_000} min`,
    whole(incidents),
    `${whole(eventsDropped)} of ${whole(events)}`,
    whole(judged.notifications),
    whole(judged.resolved),
    `${whole(kills)} of ${whole(runs)} (${((100 * kills) / runs).toFixed(1)} %)`,
    whole(judged.duplicates),
    late(judged.stuck),
    late(judged.stuckWithEvents),
    judged.breaches.length,
    judged.unknowable,
    (seconds / 60).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

const late = ({ count, median, worst }: Lateness): string =>
  count === 0 ? 'none' : `${seconds(median)}, ${seconds(worst)} (of ${whole(count)})`;

const seconds = (count: number): string =>
  count < 120 ? `${count} s` : `${Math.floor(count / 60)} min ${count % 60} s`;

const whole = (count: number): string => count.toLocaleString('en');
