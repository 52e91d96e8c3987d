import { expect, test } from 'vitest';
import { formatInstant, type Instant } from '../../../../../src/calendar/instant.ts';
import type { Window } from '../../../../../src/calendar/rotation-schedule.ts';
import { parseRules } from '../../../../../src/simulator/secrets-manager/rotation/rotate-secret.ts';
import {
  changedByHand,
  firstWindow,
  resumed,
  rotated,
} from '../../../../../src/simulator/secrets-manager/rotation/rotation-dates.ts';
import type { Rotation } from '../../../../../src/simulator/secrets-manager/store/secret.ts';
import { at } from '../support.ts';

const rotation = (expression: string | undefined, more: Partial<Rotation> = {}): Rotation => {
  const rules = { automaticallyAfterDays: undefined, scheduleExpression: expression, duration: undefined };
  const schedule = expression === undefined ? undefined : parseRules(rules).schedule;
  const dates = { derivedDays: undefined, lastRotatedAt: undefined, nextWindow: undefined };
  return { enabled: true, functionArn: 'arn', rules, schedule, ...dates, ...more };
};
const shown = (window: Window | undefined) => window && formatInstant(window.closesAt);
const window = (opensAt: string, closesAt: string): Window => ({
  opensAt: at(opensAt),
  closesAt: at(closesAt),
});
const NOW: Instant = at('2026-11-02T10:00:00Z');

test('the first window counts from now when there was no rotation', () => {
  expect(shown(firstWindow(rotation('rate(10 days)'), NOW))).toBe('2026-11-12T23:59:59Z');
});

test('the first window counts from the last rotation, so it may come soon', () => {
  const lastRotatedAt = at('2026-10-24T10:00:00Z');
  expect(shown(firstWindow(rotation('rate(10 days)', { lastRotatedAt }), NOW))).toBe('2026-11-03T23:59:59Z');
});

test('the first window is never one that has closed', () => {
  const lastRotatedAt = at('2026-01-01T10:00:00Z');
  expect(shown(firstWindow(rotation('rate(10 days)', { lastRotatedAt }), NOW))).toBe('2026-11-12T23:59:59Z');
});

test('without a schedule there is no window', () => {
  expect(firstWindow(rotation(undefined), NOW)).toBeUndefined();
  expect(rotated(rotation(undefined), NOW)).toMatchObject({ lastRotatedAt: NOW, nextWindow: undefined });
});

test.each([
  ['rate(4 hours)', 1],
  ['rate(24 hours)', 1],
  ['rate(10 days)', 10],
  ['cron(0 8 1 * ? *)', 29],
])('a success under %s derives %i days', (expression, days) => {
  expect(rotated(rotation(expression), NOW).derivedDays).toBe(days);
});

test('a manual change moves a rate and leaves a cron window that is still to come', () => {
  const nextWindow = window('2026-11-03T00:00:00Z', '2026-11-03T23:59:59Z');
  expect(shown(changedByHand(rotation('rate(10 days)', { nextWindow }), NOW).nextWindow)).toBe(
    '2026-11-12T23:59:59Z',
  );
  expect(changedByHand(rotation('cron(0 0 3 * ? *)', { nextWindow }), NOW).nextWindow).toEqual(nextWindow);
});

test('resuming keeps a window to its last second and then takes the next one', () => {
  const nextWindow = window('2026-11-02T09:00:00Z', '2026-11-02T10:00:00Z');
  const open = rotation('rate(4 hours)', {
    nextWindow: { ...nextWindow, closesAt: at('2026-11-02T10:00:01Z') },
  });
  expect(resumed(open, NOW)).toBe(open);
  expect(shown(resumed(rotation('rate(4 hours)', { nextWindow }), NOW).nextWindow)).toBe(
    '2026-11-02T14:59:59Z',
  );
});

test('resuming without a schedule changes nothing', () => {
  const old = rotation(undefined, { nextWindow: window('2023-05-06T22:00:00Z', '2023-05-06T22:59:59Z') });
  expect(resumed(old, NOW)).toBe(old);
});
