import { expect, test } from 'vitest';
import { formatInstant, type Instant, parseInstant } from '../../../src/calendar/instant.ts';
import { parseRotationSchedule, type RotationSchedule } from '../../../src/calendar/rotation-schedule.ts';

const at = (text: string): Instant => parseInstant(text) ?? (Number.NaN as Instant);

const rules = (scheduleExpression?: string, duration?: string, automaticallyAfterDays?: number) => ({
  scheduleExpression,
  duration,
  automaticallyAfterDays,
});

function schedule(...args: Parameters<typeof rules>): RotationSchedule {
  const parsed = parseRotationSchedule(rules(...args));
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed;
}

const next = (after: string, ...args: Parameters<typeof rules>): readonly string[] => {
  const { opensAt, closesAt } = schedule(...args).next(at(after));
  return [formatInstant(opensAt), formatInstant(closesAt)];
};

test('rate in hours opens at the top of the hour and closes after one hour, as recorded against AWS', () => {
  expect(next('2026-11-20T23:04:59Z', 'rate(4 hours)')).toEqual([
    '2026-11-21T03:00:00Z',
    '2026-11-21T03:59:59Z',
  ]);
});

/**
 * Published examples from people's accounts: the rules, the day from which AWS counted, and the NextRotationDate of
 * DescribeSecret. In the second, the value had been put by hand on that day, a day after LastRotatedDate.
 */
test.each([
  [30, '2026-01-22T06:42:22Z', '2026-02-21T23:59:59Z'],
  [30, '2026-02-03T17:34:02Z', '2026-03-05T23:59:59Z'],
])('%s days after %s the next date is %s, as recorded against AWS', (days, from, closesAt) => {
  expect(next(from, undefined, undefined, days)[1]).toBe(closesAt);
});

test('a window of two hours closes one second before, as the sample of the API reference does', () => {
  expect(next('2022-10-01T00:00:00Z', 'cron(0 16 1,15 * ? *)', '2h')).toEqual([
    '2022-10-01T16:00:00Z',
    '2022-10-01T17:59:59Z',
  ]);
});

test('rate in hours never leaves the UTC day', () => {
  expect(next('2026-11-20T18:30:00Z', 'rate(5 hours)', '3h')).toEqual([
    '2026-11-20T23:00:00Z',
    '2026-11-20T23:59:59Z',
  ]);
});

test.each([
  ['rate(1 day)', undefined],
  [undefined, 1],
])('days (%s, %s) open at midnight UTC and close at the end of the day', (expression, days) => {
  expect(next('2026-11-20T10:00:00Z', expression, undefined, days)).toEqual([
    '2026-11-21T00:00:00Z',
    '2026-11-21T23:59:59Z',
  ]);
});

test('a duration shortens a window in days', () => {
  expect(next('2026-02-28T23:59:59Z', 'rate(10 days)', '3h')).toEqual([
    '2026-03-10T00:00:00Z',
    '2026-03-10T02:59:59Z',
  ]);
});

test.each([
  ['cron(0 16 1,15 * ? *)', '2026-11-01T16:00:00Z', '2026-11-15T16:00:00Z', '2026-11-15T23:59:59Z'],
  ['cron(0 2/10 * * ? *)', '2026-11-01T12:00:00Z', '2026-11-01T22:00:00Z', '2026-11-01T22:59:59Z'],
  ['cron(0 2/10 * * ? *)', '2026-11-01T22:00:00Z', '2026-11-02T02:00:00Z', '2026-11-02T02:59:59Z'],
  ['cron(0 /8 * * ? *)', '2026-11-01T16:00:00Z', '2026-11-02T00:00:00Z', '2026-11-02T00:59:59Z'],
  ['cron(0 0 ? * SUN#1 *)', '2026-11-01T00:00:00Z', '2026-12-06T00:00:00Z', '2026-12-06T23:59:59Z'],
  ['cron(0 20 ? * 6L *)', '2026-11-01T00:00:00Z', '2026-11-27T20:00:00Z', '2026-11-27T23:59:59Z'],
  ['cron(0 20 ? * L *)', '2026-11-01T00:00:00Z', '2026-11-07T20:00:00Z', '2026-11-07T23:59:59Z'],
  ['cron(0 16 L * ? *)', '2026-02-01T00:00:00Z', '2026-02-28T16:00:00Z', '2026-02-28T23:59:59Z'],
  ['cron(0 8 ? JAN-MAR/2 MON-FRI *)', '2026-11-01T00:00:00Z', '2027-01-01T08:00:00Z', '2027-01-01T23:59:59Z'],
  ['cron(0 0 29 2 ? *)', '2096-03-01T00:00:00Z', '2104-02-29T00:00:00Z', '2104-02-29T23:59:59Z'],
  ['cron(0 0 ? 2 SUN#5 *)', '2088-03-01T00:00:00Z', '2128-02-29T00:00:00Z', '2128-02-29T23:59:59Z'],
])('%s after %s opens at %s and closes at %s', (expression, after, opensAt, closesAt) => {
  expect(next(after, expression)).toEqual([opensAt, closesAt]);
});

test('a window opens strictly after the given moment, also one millisecond before it', () => {
  const daily = schedule('cron(0 8 * * ? *)');
  const opens = at('2026-11-02T08:00:00Z');
  expect(daily.next((opens - 1) as Instant).opensAt).toBe(opens);
  expect(daily.next(opens).opensAt).toBe(at('2026-11-03T08:00:00Z'));
});

test('the expression wins over the days, which AWS derives from it', () => {
  expect(schedule('rate(4 hours)', undefined, 1).text).toBe('rate(4 hours)');
  expect(schedule(undefined, undefined, 30)).toMatchObject({ kind: 'days', text: 'every 30 days' });
});

test.each([
  [rules(), 'must have AutomaticallyAfterDays or ScheduleExpression'],
  [rules(undefined, undefined, 0), 'from 1 to 1000'],
  [rules(undefined, undefined, 1001), 'from 1 to 1000'],
  [rules(undefined, undefined, 1.5), 'from 1 to 1000'],
  [rules('rate(3 hours)'), 'at least 4 hours'],
  [rules('rate(99999 hours)'), 'at most 999 days'],
  [rules('rate(0 days)'), '1 to 999 days'],
  [rules('rate(1000 days)'), '1 to 999 days'],
  [rules('rate(5 minutes)'), 'hours or days'],
  [rules('every day'), 'rate(…) or cron(…)'],
  [rules(`cron(${'0 '.repeat(200)})`), 'rate(…) or cron(…)'],
  [rules('rate(4 hours)', '5h'), 'run into the next one'],
  [rules('rate(1 day)', '25h'), '1h to 24h'],
  [rules('rate(1 day)', '0h'), '1h to 24h'],
  [rules('rate(1 day)', '90m'), '1h to 24h'],
  [rules('rate(1 day)', '100h'), '1h to 24h'],
  [rules('cron(0 8 * * ?)'), 'six fields'],
  [rules('cron(0 8 * * ? * *)'), 'six fields'],
  [rules('cron(5 8 * * ? *)'), '0 in the minutes'],
  [rules('cron(0 8 * * ? 2027)'), '* in the year'],
  [rules('cron(0 8 * * * *)'), 'exactly one of the day fields'],
  [rules('cron(0 8 ? * ? *)'), 'exactly one of the day fields'],
  [rules('cron(0 24 * * ? *)'), 'hours from 0 to 23'],
  [rules('cron(0 8-6 * * ? *)'), 'hours from 0 to 23'],
  [rules('cron(0 8-9-10 * * ? *)'), 'hours from 0 to 23'],
  [rules('cron(0 8/0 * * ? *)'), 'hours from 0 to 23'],
  [rules('cron(0 1, * * ? *)'), 'hours from 0 to 23'],
  [rules('cron(0 0/3 * * ? *)'), 'four hours between'],
  [rules('cron(0 8,11 * * ? *)'), 'four hours between'],
  [rules('cron(0 8 * 13 ? *)'), 'months from 1 to 12'],
  [rules('cron(0 8 * JANUARY ? *)'), 'months from 1 to 12'],
  [rules('cron(0 8 32 * ? *)'), 'days from 1 to 31'],
  [rules('cron(0 8 15W * ? *)'), 'days from 1 to 31'],
  [rules('cron(0 8 ? * 8 *)'), 'weekdays from 1 to 7'],
  [rules('cron(0 8 ? * MON#6 *)'), 'weekdays from 1 to 7'],
  [rules('cron(0 8 ? * FOOL *)'), 'weekdays from 1 to 7'],
  [rules('cron(0 8 31 2 ? *)'), 'a day that exists'],
  [rules('cron(0 22 * * ? *)', '3h'), 'next UTC day'],
  [rules('cron(0 0/4 * * ? *)', '5h'), 'run into the next one'],
])('rules %j are refused: %s', (given, reason) => {
  expect(parseRotationSchedule(given)).toEqual({ fault: expect.stringContaining(reason) });
});
