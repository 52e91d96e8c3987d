import { expect, test } from 'vitest';
import { rulesOfText, scheduleText } from '../../../../../src/monitor/domain/history/schedule-text.ts';

test.each([
  ['rate(30 days), window 3h', { scheduleExpression: 'rate(30 days)', duration: '3h' }],
  ['rate(4 hours)', { scheduleExpression: 'rate(4 hours)' }],
  ['cron(0 2 ? * SUN *), window 24h', { scheduleExpression: 'cron(0 2 ? * SUN *)', duration: '24h' }],
  ['every 30 days', { automaticallyAfterDays: 30 }],
  ['every 1 day, window 2h', { automaticallyAfterDays: 1, duration: '2h' }],
])('the rules behind "%s" are written so and read back', (text, given) => {
  const rules = { automaticallyAfterDays: undefined, scheduleExpression: undefined, duration: undefined };
  expect(scheduleText({ ...rules, ...given })).toBe(text);
  expect(rulesOfText(text)).toEqual({ ...rules, ...given });
});

test('an expression wins over the days, which AWS derives from it', () => {
  expect(scheduleText({ automaticallyAfterDays: 30, scheduleExpression: 'rate(30 days)' })).toBe(
    'rate(30 days)',
  );
});

test('no rules are no text, and any other text holds no rules', () => {
  expect(scheduleText(undefined)).toBeUndefined();
  expect(scheduleText({ duration: '3h' })).toBeUndefined();
  for (const text of ['', 'sometimes', 'every day', '$(rm)']) expect(rulesOfText(text)).toBeUndefined();
});
