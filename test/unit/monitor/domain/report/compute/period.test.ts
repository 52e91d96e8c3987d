import { expect, test } from 'vitest';
import { formatInstant } from '../../../../../../src/calendar/instant.ts';
import {
  monthsOf,
  parseBound,
  parsePeriod,
  periodBetween,
} from '../../../../../../src/monitor/domain/report/compute/period.ts';
import { at } from '../../../../../support/builders.ts';

test.each([
  ['2026-Q1', '2026-01-01', '2026-04-01'],
  ['2026-q4', '2026-10-01', '2027-01-01'],
  ['2026-02', '2026-02-01', '2026-03-01'],
  ['2026-12', '2026-12-01', '2027-01-01'],
  ['2024', '2024-01-01', '2025-01-01'],
])('the period %s begins at %s and ends before %s, in UTC', (text, from, to) => {
  const period = parsePeriod(text);
  expect(period && [formatInstant(period.from), formatInstant(period.to)]).toEqual([
    `${from}T00:00:00Z`,
    `${to}T00:00:00Z`,
  ]);
  expect(period?.label).toBe(text.toUpperCase());
});

test.each(['', '2026-Q5', '2026-13', '2026-1', 'Q1', '26', '2026-01-01'])('"%s" is no period', (text) => {
  expect(parsePeriod(text)).toBeUndefined();
});

test('a bound is a day in UTC or an instant with a zone', () => {
  expect(parseBound('2026-03-01')).toBe(at('2026-03-01T00:00:00Z'));
  expect(parseBound('2026-03-01T06:00:00+02:00')).toBe(at('2026-03-01T04:00:00Z'));
  for (const text of ['2026-03', 'today', '2026-03-01T06:00:00']) expect(parseBound(text)).toBeUndefined();
});

test('an empty stretch is no period', () => {
  const from = at('2026-03-01T00:00:00Z');
  expect(periodBetween(from, from)).toBeUndefined();
});

test('months begin with the period and then on each first', () => {
  const period = periodBetween(at('2026-01-15T00:00:00Z'), at('2026-03-01T00:00:00Z'));
  expect(period && monthsOf(period).map((each) => formatInstant(each).slice(0, 10))).toEqual([
    '2026-01-15',
    '2026-02-01',
  ]);
});
