import { expect, test } from 'vitest';
import { HOUR, later, SECOND } from '../../../../../../src/calendar/instant.ts';
import {
  businessHoursTest,
  parseBusinessHours,
} from '../../../../../../src/monitor/domain/report/compute/business-hours.ts';
import { at } from '../../../../../support/builders.ts';

const touches = (hours: string, opens: string, windowHours: number): boolean | undefined => {
  const parsed = parseBusinessHours(hours);
  const opensAt = at(opens);
  return (
    parsed && businessHoursTest(parsed)({ opensAt, closesAt: later(opensAt, windowHours * HOUR - SECOND) })
  );
};
const BERLIN = 'MON-FRI 08:00-18:00 Europe/Berlin';

test.each<[string, number, boolean]>([
  ['2026-01-05T06:00:00Z', 1, false],
  ['2026-01-05T06:00:00Z', 2, true],
  ['2026-01-05T16:00:00Z', 1, true],
  ['2026-01-05T17:00:00Z', 3, false],
  ['2026-07-06T06:00:00Z', 1, true],
  ['2026-01-04T09:00:00Z', 4, false],
])('in Berlin a window at %s of %i h touches business hours: %s', (opens, hours, expected) => {
  expect(touches(BERLIN, opens, hours)).toBe(expected);
});

test('zones may differ by quarters of an hour, and days may run over the weekend', () => {
  expect(touches('FRI-SUN 08:00-09:00 Asia/Kathmandu', '2026-01-04T02:00:00Z', 1)).toBe(true);
  expect(touches('FRI-SUN 08:00-09:00 Asia/Kathmandu', '2026-01-05T02:00:00Z', 1)).toBe(false);
});

test.each([
  '',
  'always',
  'MON-FRI 18:00-08:00 UTC',
  'MON-FRI 08:00-25:00 UTC',
  'MOO 08:00-18:00 UTC',
  'MON 08:00-18:00 Mars/Base',
])('"%s" names no hours', (text) => {
  expect(parseBusinessHours(text)).toBeUndefined();
});
