import { expect, test } from 'vitest';
import { timeZone } from '../../../../src/simulator/scheduler/time-zone.ts';
import { at } from '../../../support/builders.ts';

const berlin = timeZone('Europe/Berlin');
const wall = (text: string) => at(`${text}Z`);

test('UTC and zones of the IANA database are known, others are not', () => {
  expect(timeZone('UTC')?.wallTime(at('2026-11-21T10:00:00Z'))).toBe(wall('2026-11-21T10:00:00'));
  expect(berlin).toBeDefined();
  expect(timeZone('Atlantis/Poseidonis')).toBeUndefined();
});

test.each([
  ['2026-01-10T10:00:00Z', '2026-01-10T11:00:00'],
  ['2026-07-10T10:00:00Z', '2026-07-10T12:00:00'],
  ['2026-12-31T23:30:00Z', '2027-01-01T00:30:00'],
])('clocks in Berlin show at %s the time %s, and back', (instant, shown) => {
  expect(berlin?.wallTime(at(instant))).toBe(wall(shown));
  expect(berlin?.instantOf(wall(shown))).toBe(at(instant));
});

test('a time that the clocks skip in spring is none', () => {
  expect(berlin?.instantOf(wall('2026-03-29T02:30:00'))).toBeUndefined();
});

test('of a time that the clocks show twice in autumn the first counts', () => {
  expect(berlin?.instantOf(wall('2026-10-25T02:30:00'))).toBe(at('2026-10-25T00:30:00Z'));
});
