import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LONGEST, spread, WAITING } from '../order-of-files.ts';

test('the files that have a place of their own are there, once', () => {
  const named = [...LONGEST, ...WAITING];
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
});

test('files that wait begin one at a time, and none is lost', () => {
  const working = Array.from({ length: 45 }, (_, index) => index);
  const order = spread<number | string>(working, ['a', 'b', 'c', 'd'], 20);
  expect(order.filter((each) => typeof each === 'number')).toEqual(working);
  expect(['a', 'b', 'c', 'd'].map((each) => order.indexOf(each))).toEqual([0, 21, 42, 48]);
  expect(spread(working, [])).toEqual(working);
  expect(spread([], ['a', 'b'])).toEqual(['a', 'b']);
});
