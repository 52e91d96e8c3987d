import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DAY,
  formatDuration,
  formatInstant,
  HOUR,
  instant,
  later,
  MINUTE,
  parseDuration,
  parseInstant,
  SECOND,
} from '../../../src/calendar/instant.ts';

test.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1])('instant refuses %d', (epochMs) => {
  expect(() => instant(epochMs)).toThrow(RangeError);
});

test.each([
  ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z'],
  ['2026-11-21T10:00:00.250Z', '2026-11-21T10:00:00Z'],
  ['2026-11-21T11:30:00+01:30', '2026-11-21T10:00:00Z'],
  ['2026-11-21T10:00Z', '2026-11-21T10:00:00Z'],
])('parseInstant reads %s', (text, expected) => {
  const read = parseInstant(text);
  expect(read && formatInstant(read)).toBe(expected);
});

test.each([
  '',
  'now',
  '2026-11-21',
  '2026-11-21T10:00:00',
  '2026-13-21T10:00:00Z',
  'Nov 21, 2026, 10:00:00 AM',
])('parseInstant reads no instant in %j', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test('parseInstant reads back what formatInstant writes, to the second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(2200, 0) }), (epochMs) => {
      expect(parseInstant(formatInstant(instant(epochMs)))).toBe(Math.floor(epochMs / SECOND) * SECOND);
    }),
  );
});

test('later goes both ways', () => {
  expect(later(later(instant(5), HOUR), -HOUR)).toBe(5);
});

test.each([
  ['90s', 90 * SECOND],
  [' 30m ', 30 * MINUTE],
  ['2h', 2 * HOUR],
  ['7d', 7 * DAY],
  ['1.5h', undefined],
  ['1h30m', undefined],
  ['1234567s', undefined],
  ['', undefined],
])('parseDuration reads %j as %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  [-5, '0 s'],
  [45 * SECOND, '45 s'],
  [12 * MINUTE, '12 min'],
  [HOUR, '1 h'],
  [3 * HOUR + 5 * MINUTE, '3 h 5 min'],
  [876 * DAY + 4 * HOUR, '876 d 4 h'],
])('formatDuration writes %d ms as %s', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});
