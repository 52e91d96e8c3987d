import { expect, test } from 'vitest';
import { plural } from '../../../src/calendar/plural.ts';

test.each([
  [0, '0 secrets'],
  [1, '1 secret'],
  [2, '2 secrets'],
  [12_000, '12,000 secrets'],
])('%i agrees with its noun', (count, text) => {
  expect(plural(count, 'secret')).toBe(text);
});

test('a noun may have a plural of its own', () => {
  expect([1, 2].map((count) => plural(count, 'try', 'tries'))).toEqual(['1 try', '2 tries']);
});
