import { MINUTE, SECOND } from '../../src/calendar/instant.ts';
import type { MeasuredScale } from './measure.ts';

/** Each promise that the run has broken, in words; none when all were kept. */
export function breaches({ plan, outcome }: MeasuredScale): readonly string[] {
  const { skipped, missed, throughout, observed, handOvers, overlapped, throttledCalls, errors } = outcome;
  return [
    ...(skipped.length > 0 ? [`${skipped.length} secrets were skipped, ${skipped[0]} the first`] : []),
    ...(missed.length > 0 ? [`${missed.length} stuck secrets were not found, ${missed[0]} the first`] : []),
    ...(throughout < 0.99 * plan.secrets ? [`only ${throughout} secrets were there throughout`] : []),
    ...(observed < throughout ? [`${observed} secrets were counted, ${throughout} were there`] : []),
    ...(handOvers < 5 ? [`the sweep was handed over ${handOvers} times, which shows little`] : []),
    ...(overlapped === 0 ? ['no sweep met another one'] : []),
    ...(throttledCalls === 0 ? ['no call was throttled'] : []),
    ...(errors.length > 0 ? [`${errors.length} functions failed`] : []),
  ];
}

/** The run as a table in Markdown. */
export function scaleTable({ plan, outcome, wallMs }: MeasuredScale): string {
  const rows: readonly (readonly [string, string])[] = [
    ['secrets', number(plan.secrets)],
    ['of them there from beginning to end', number(outcome.throughout)],
    ['of these not listed by the sweep', number(outcome.skipped.length)],
    [
      'stuck versions there throughout, found',
      `${number(outcome.stuck - outcome.missed.length)} of ${number(outcome.stuck)}`,
    ],
    ['hand-overs', number(outcome.handOvers)],
    ['sweeps that met this one and ended', number(outcome.overlapped)],
    ['throttled calls', number(outcome.throttledCalls)],
    ['duration of the sweep, simulated', `${Math.round(outcome.tookMs / MINUTE)} min`],
    ['duration of the run, real', `${Math.round(wallMs / SECOND)} s`],
  ];
  return [
    '| what | how many |',
    '| --- | --: |',
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
  ].join('\n');
}

const number = (value: number): string => value.toLocaleString('en-US');
