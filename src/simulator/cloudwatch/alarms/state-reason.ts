import { plural } from '../../../calendar/plural.ts';
import type { AlarmState, Comparison, Condition } from './alarm.ts';
import { formatUtc } from './alarm-time.ts';
import type { Datapoint } from './evaluate-alarm.ts';

/** A datapoint and the beginning of its period, in milliseconds. */
export interface DatedDatapoint {
  readonly at: number;
  readonly value: Datapoint;
}

const WORDS: Readonly<Record<Comparison, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

const MISSING: Readonly<Record<string, string>> = { breaching: 'Breaching', notBreaching: 'NonBreaching' };

/** Returns the reason of an alarm's state, in the words of CloudWatch. */
export function stateReason(
  range: readonly DatedDatapoint[],
  condition: Condition,
  state: AlarmState,
): string {
  const { evaluationPeriods, missingData } = condition;
  const real = range.filter(({ value }) => value !== undefined).slice(-evaluationPeriods);
  if (state === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${plural(real.length, 'datapoint')} were unknown.`;
  }
  if (real.length === 0) {
    const treated = `${plural(evaluationPeriods, 'missing datapoint')} were treated as [${MISSING[missingData] ?? 'Missing'}]`;
    return `Threshold Crossed: no datapoints were received for ${plural(evaluationPeriods, 'period')} and ${treated}.`;
  }
  return `Threshold Crossed: ${shown(real)} ${compared(real.length, condition, state)}.`;
}

const shown = (real: readonly DatedDatapoint[]): string =>
  `${plural(real.length, 'datapoint')} [${real
    .toReversed()
    .map(({ at, value }) => `${decimal(value ?? 0)} (${formatUtc(at)})`)
    .join(', ')}]`;

const compared = (datapoints: number, { comparison, threshold }: Condition, state: AlarmState): string =>
  `${datapoints === 1 ? 'was' : 'were'} ${state === 'ALARM' ? '' : 'not '}${WORDS[comparison]} the threshold (${decimal(threshold)})`;

/** CloudWatch writes whole numbers with one decimal. */
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
