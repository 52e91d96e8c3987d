import { expect, test } from 'vitest';
import { type CalendarMonth, parseCronFields } from '../../../src/calendar/cron-fields.ts';

/** February 2026 began on a Sunday and has 28 days. */
const FEBRUARY: CalendarMonth = { number: 2, length: 28, firstWeekday: 1 };

function days(text: string, month: CalendarMonth = FEBRUARY): readonly number[] {
  const fields = parseCronFields(text);
  if ('fault' in fields) throw new Error(fields.fault);
  return fields.daysOf(month);
}

test.each([
  ['0 8 1,15,31 * ? *', [1, 15]],
  ['0 8 L * ? *', [28]],
  ['0 8 26-31 * ? *', [26, 27, 28]],
  ['0 8 1/10 * ? *', [1, 11, 21]],
  ['0 8 /10 * ? *', [1, 11, 21]],
  ['0 8 20,L,5 * ? *', [5, 20, 28]],
  ['0 8 ? * SUN *', [1, 8, 15, 22]],
  ['0 8 ? * mon#2 *', [9]],
  ['0 8 ? * 2#5 *', []],
  ['0 8 ? * SATL *', [28]],
  ['0 8 ? * L *', [7, 14, 21, 28]],
  ['0 8 ? MAR SUN *', []],
  ['0 8 ? JAN,feb SUN#1 *', [1]],
])('%s opens in February 2026 on %j', (text, expected) => {
  expect(days(text)).toEqual(expected);
});

test.each([
  ['0 0 * * ? *', [0]],
  ['0 2/10 * * ? *', [2, 12, 22]],
  ['0 /8 * * ? *', [0, 8, 16]],
  ['0 20,4,12 * * ? *', [4, 12, 20]],
  ['0 1-23/6 * * ? *', [1, 7, 13, 19]],
])('%s opens in the hours %j', (text, hours) => {
  expect(parseCronFields(text)).toMatchObject({ hours });
});

test('a refusal is the end of a sentence', () => {
  expect(parseCronFields('0 8 * * ?')).toEqual({ fault: 'must have six fields' });
});
