import type { AlarmState, Condition } from './alarm.ts';

/** A datapoint that came, or undefined for one that did not. */
export type Datapoint = number | undefined;

/** Number of datapoints that an alarm looks at beyond its evaluation periods, as in AWS's examples. */
export const EXTRA_PERIODS = 2;

/** The result of an evaluation: a state, or `retain` for the one the alarm is in. */
export type Evaluation = AlarmState | 'retain';

/**
 * Evaluates the datapoints of the evaluation range, oldest first, as AWS's tables show it. Real datapoints count
 * before missing ones, however old.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluateAlarm(range: readonly Datapoint[], condition: Condition): Evaluation {
  const { evaluationPeriods, datapointsToAlarm, missingData } = condition;
  const real = range.filter((value) => value !== undefined);
  const counted = real.slice(-evaluationPeriods);
  const bad = counted.filter((value) => isBreaching(value, condition)).length;
  const missing = evaluationPeriods - counted.length;
  if (bad >= datapointsToAlarm) return 'ALARM';
  switch (missingData) {
    case 'breaching':
      return bad + missing >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return bad < counted.length ? 'OK' : 'retain';
    case 'missing':
      if (bad < counted.length) return 'OK';
      return isOldEnough(range, datapointsToAlarm) ? 'ALARM' : 'INSUFFICIENT_DATA';
  }
}

/** Whether a value is on the wrong side of the threshold. */
export function isBreaching(value: number, { comparison, threshold }: Condition): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

/** A lone bad datapoint with nothing after it rings once it is as old as so many periods. */
function isOldEnough(range: readonly Datapoint[], periods: number): boolean {
  const oldest = range.findIndex((value) => value !== undefined);
  return oldest >= 0 && range.length - oldest >= periods;
}
