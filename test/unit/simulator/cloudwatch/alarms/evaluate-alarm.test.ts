import { expect, test } from 'vitest';
import type { Condition, MissingData } from '../../../../../src/simulator/cloudwatch/alarms/alarm.ts';
import { evaluateAlarm, isBreaching } from '../../../../../src/simulator/cloudwatch/alarms/evaluate-alarm.ts';

const condition = (missingData: MissingData, datapointsToAlarm: number): Condition => ({
  comparison: 'GreaterThanThreshold',
  threshold: 0,
  evaluationPeriods: 3,
  datapointsToAlarm,
  missingData,
});

/** `X` is bad, `0` is good, `-` is missing; oldest first. */
const range = (text: string) =>
  text.split(' ').map((sign) => (sign === '-' ? undefined : Number(sign === 'X')));

const STATES = { ok: 'OK', alarm: 'ALARM', insufficient: 'INSUFFICIENT_DATA', retain: 'retain' } as const;
type Word = keyof typeof STATES;

/**
 * The tables of AWS: datapoints, then the state for missing, ignore, breaching and notBreaching.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
const THREE_OF_THREE: readonly (readonly [string, Word, Word, Word, Word])[] = [
  ['0 - X - X', 'ok', 'ok', 'ok', 'ok'],
  ['0 - - - -', 'ok', 'ok', 'ok', 'ok'],
  ['- - - - -', 'insufficient', 'retain', 'alarm', 'ok'],
  ['0 X X - X', 'alarm', 'alarm', 'alarm', 'alarm'],
  ['- - - - X', 'insufficient', 'retain', 'alarm', 'ok'],
  ['X - - - -', 'alarm', 'retain', 'alarm', 'ok'],
];
const TWO_OF_THREE: typeof THREE_OF_THREE = [
  ['0 - X - X', 'alarm', 'alarm', 'alarm', 'alarm'],
  ['0 0 X 0 X', 'alarm', 'alarm', 'alarm', 'alarm'],
  ['0 - X - -', 'ok', 'ok', 'alarm', 'ok'],
  ['- - - - 0', 'ok', 'ok', 'alarm', 'ok'],
  ['- - - - X', 'insufficient', 'retain', 'alarm', 'ok'],
];

const rows = (table: typeof THREE_OF_THREE, datapoints: number) =>
  table.flatMap(([text, missing, ignore, breaching, notBreaching]) =>
    Object.entries({ missing, ignore, breaching, notBreaching }).map(
      ([treated, expected]) => [datapoints, text, treated as MissingData, STATES[expected as Word]] as const,
    ),
  );

test.each([...rows(THREE_OF_THREE, 3), ...rows(TWO_OF_THREE, 2)])(
  '%i of 3, %s, missing data %s: %s, as in the tables of AWS',
  (datapoints, text, treated, expected) => {
    expect(evaluateAlarm(range(text), condition(treated, datapoints))).toBe(expected);
  },
);

test.each([
  ['GreaterThanThreshold', [false, false, true]],
  ['GreaterThanOrEqualToThreshold', [false, true, true]],
  ['LessThanThreshold', [true, false, false]],
  ['LessThanOrEqualToThreshold', [true, true, false]],
] as const)('%s at one below, at and above the threshold', (comparison, expected) => {
  const at = (value: number) => isBreaching(value, { ...condition('missing', 1), comparison, threshold: 5 });
  expect([4, 5, 6].map(at)).toEqual(expected);
});
