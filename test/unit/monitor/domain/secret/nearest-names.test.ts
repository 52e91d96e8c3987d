import { expect, test } from 'vitest';
import { nearestNames } from '../../../../../src/monitor/domain/secret/nearest-names.ts';

const NAMES = ['prod/orders-db', 'prod/users-db', 'staging/orders-db', 'mail', 'PROD/Billing'];

test('nearestNames puts a slip of the hand first', () => {
  expect(nearestNames(NAMES, 'prod/oders-db', 2)).toEqual(['prod/orders-db', 'prod/users-db']);
  expect(nearestNames(NAMES, 'prod/billing', 1)).toEqual(['PROD/Billing']);
});

test('nearestNames prefers names that hold the text', () => {
  expect(nearestNames(NAMES, 'orders', 2)).toEqual(['prod/orders-db', 'staging/orders-db']);
});

test('nearestNames leaves out what has nothing in common, and an empty text has nothing near', () => {
  expect(nearestNames(['zzz'], 'abc', 3)).toEqual([]);
  expect(nearestNames(NAMES, '', 3)).toEqual([]);
  expect(nearestNames([], 'mail', 3)).toEqual([]);
});
