import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../../../src/calendar/instant.ts';
import { rotationIntervalMs } from '../../../../../src/monitor/domain/secret/rotation-interval.ts';

const longest = (scheduleExpression: string | undefined, automaticallyAfterDays?: number) =>
  rotationIntervalMs({
    rotationRules: { automaticallyAfterDays, scheduleExpression, duration: undefined },
  });

test.each([
  ['rate(4 hours)', 4 * HOUR],
  ['rate(30 days)', 30 * DAY],
  ['cron(0 2 * * ? *)', DAY],
  ['cron(0 2 ? * MON-FRI *)', 3 * DAY],
  ['cron(0 2 1 * ? *)', 31 * DAY],
  ['cron(0 2 1 1,4,7,10 ? *)', 92 * DAY],
  ['cron(0 2/10 * * ? *)', 10 * HOUR],
  ['cron(0 0 ? 1-6 MON *)', 196 * DAY],
  ['cron(0 0 1 1 ? *)', 366 * DAY],
  ['cron(0 0 29 2 ? *)', 1461 * DAY],
])('the longest gap of %s counts, over its whole cycle', (expression, gap) => {
  expect(longest(expression)).toBe(gap);
});

test('days count as they are, and what cannot be read counts for nothing', () => {
  expect(longest(undefined, 45)).toBe(45 * DAY);
  expect(longest('cron(nonsense)')).toBeUndefined();
  expect(rotationIntervalMs({ rotationRules: undefined })).toBeUndefined();
});
