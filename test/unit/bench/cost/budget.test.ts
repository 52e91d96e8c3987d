import { expect, test } from 'vitest';
import { bill } from '../../../../bench/cost/bill.ts';
import {
  breaches,
  firstTargetCost,
  furtherTargetCost,
  mistold,
  smallTargetCost,
  targetOf,
} from '../../../../bench/cost/budget.ts';
import { costTables } from '../../../../bench/cost/table.ts';
import type { DayUsage } from '../../../../bench/cost/usage.ts';

const aDay = (secrets: number, listed: number): DayUsage => ({
  secrets,
  functions: {
    sweep: { invocations: 288, coldStarts: 0, cpuMs: 0, calls: { 'secretsmanager:ListSecrets': listed } },
  },
  dynamoDb: { reads: 0, writes: 0 },
  stored: { once: 0, daily: 0 },
  metricHours: 24,
  log: { lines: 0, bytes: 0 },
  eventsQueued: 0,
  eventsForwarded: 0,
  emails: 0,
  rotations: secrets / 25,
  alertsOpen: secrets / 100,
});

/** Two targets of a thousand secrets each. */
const aPair = (listed: number): DayUsage => ({ ...aDay(2_000, listed), secrets: 1_000, metricHours: 72 });

/** Days of a home target, and of two: the small one is as the other unless given. */
const aFurther = (home: DayUsage, both: DayUsage, small: DayUsage = both) => ({ home, both, small });

const usdOf = (usage: DayUsage, what: string): number | undefined =>
  bill(usage).lines.find((line) => line.what === what)?.usd;

test('a day is taken times thirty', () => {
  expect(usdOf(aDay(1_000, 2_880), 'calls to Secrets Manager')).toBeCloseTo(0.432, 9);
});

test('a metric that is published in every hour of the day is one metric', () => {
  expect(usdOf(aDay(1_000, 0), 'metrics')).toBeCloseTo(0.3, 9);
});

test('idle queues are asked three times a minute by each of five pollers', () => {
  expect(usdOf(aDay(1_000, 0), 'polling of idle queues')).toBeCloseTo((4 * 5 * 3 * 60 * 720 * 0.4) / 1e6, 9);
});

test('a fleet has the target of the next larger size', () => {
  expect([1, 1_000, 1_001, 10_000, 10_001].map(targetOf)).toEqual([13, 13, 18, 18, Number.POSITIVE_INFINITY]);
});

test("calls of a function that never ran are somebody else's, counted twice", () => {
  const day = aDay(1_000, 2_880);
  const calls = { 'secretsmanager:ListSecrets': 2_880 };
  const functions = { ...day.functions, audit: { invocations: 0, coldStarts: 0, cpuMs: 0, calls } };
  const further = aFurther(day, { ...aPair(5_760), functions });
  expect(breaches({ alone: [], further })).toContain('audit never ran, and calls are counted as its own');
});

test('a further target costs what is added, for a thousand secrets', () => {
  const further = aFurther(aDay(500, 1_440), { ...aDay(500, 2_880), metricHours: 72 });
  const added = furtherTargetCost({ alone: [], further });
  expect(added).toBeCloseTo(2 * (0.216 + 1_440 * 30 * 0.2 * 0.25 * 0.0000133334), 6);
});

test('a small further target costs what it adds, whatever its size', () => {
  const small = { ...aDay(1_000, 288), metricHours: 72 };
  const further = aFurther(aDay(1_000, 0), aPair(0), small);
  expect(smallTargetCost({ alone: [], further })).toBeCloseTo(
    0.0432 + 288 * 30 * 0.2 * 0.25 * 0.0000133334,
    6,
  );
});

test('a second copy of a trail is paid for calls that are management events, and for uses of keys', () => {
  const day = aDay(1_000, 2_880);
  const calls = {
    'secretsmanager:ListSecrets': 2_880,
    'dynamodb:PutItem': 0,
    'sqs:SendMessage': 5_000,
    'lambda:Invoke': 700,
  };
  const sweep = { invocations: 288, coldStarts: 0, cpuMs: 0, calls };
  const managed = { ...calls, 'sns:GetTopicAttributes': 288, 'cloudtrail:LookupEvents': 100 };
  const cost = (given: Readonly<Record<string, number>>) =>
    bill({ ...day, functions: { sweep: { ...sweep, calls: given } } }).secondTrail;
  expect(cost(calls)).toBeGreaterThanOrEqual((30 * 2_880 * 2) / 100_000);
  expect(cost(managed) - cost(calls)).toBeCloseTo((30 * 388 * 2) / 100_000, 9);
});

test('what the first further target brings is counted once: two metrics and three alarms', () => {
  expect(firstTargetCost()).toBeCloseTo(2 * 0.3 + 3 * 0.1, 9);
});

test('what exceeds its target is named with its dearest lines', () => {
  const further = aFurther(aDay(1_000, 0), aPair(0));
  const [breach] = breaches({ alone: [aDay(1_000, 100_000)], further });
  expect(breach).toContain('1000 secrets cost');
  expect(breach).toContain('calls to Secrets Manager 15.00 USD');
  expect(breaches({ alone: [aDay(1_000, 0)], further: aFurther(aDay(1_000, 0), aPair(50_000)) })).toEqual([
    expect.stringContaining('A further target costs'),
  ]);
});

test('the table holds every size and every peer', () => {
  const further = aFurther(aDay(1_000, 0), aPair(0));
  const tables = costTables({ alone: [aDay(100, 0), aDay(1_000, 0)], further });
  expect(tables).toContain('N = 1,000');
  expect(tables).toContain('cdk-monitoring-constructs');
  expect(tables).toContain('| 71');
});

test('a day without its sweeps, rotations or alerts is no day to go by', () => {
  const further = aFurther(aDay(1_000, 0), aPair(0));
  const idle = { ...aDay(1_000, 0), functions: {}, rotations: 3, alertsOpen: 0 };
  expect(breaches({ alone: [idle], further })).toEqual([
    'The day of 1000 secrets had 0 sweeps',
    'Of 1000 secrets only 3 rotated',
    '0 alerts were open about 1000 secrets, not one in a hundred',
  ]);
});

test('a month for which the command differs from the measurement is named', () => {
  const day = aDay(1_000, 0);
  expect(mistold({ alone: [day] })).toEqual([
    expect.stringMatching(
      /^1000 secrets cost 5\.\d\d USD, and src\/cli\/cost\/monitor-month\.ts says 12\.\d\d USD$/,
    ),
  ]);
  // Metrics make up for all that the day leaves out.
  const metricHours = 24 + (24 * (12.37 - bill(day).total)) / 0.3;
  expect(mistold({ alone: [{ ...day, metricHours }] })).toEqual([]);
});
