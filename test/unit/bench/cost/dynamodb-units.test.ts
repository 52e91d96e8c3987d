import { expect, test } from 'vitest';
import { requestUnits } from '../../../../bench/cost/dynamodb-units.ts';

const consumed = (CapacityUnits: number) => ({ ConsumedCapacity: { CapacityUnits } });

test('a read takes what the table says', () => {
  const call = { operation: 'Query', input: {}, status: 200, output: consumed(0.5) };
  expect(requestUnits(call)).toEqual({ reads: 0.5, writes: 0 });
});

test('an item is written once more for each index that holds it', () => {
  const put = { operation: 'PutItem', status: 200, output: consumed(3) };
  expect(requestUnits({ ...put, input: { Item: { pk: {}, sk: {} } } }).writes).toBe(3);
  expect(requestUnits({ ...put, input: { Item: { pk: {}, sk: {}, open: {} } } }).writes).toBe(6);
  expect(requestUnits({ ...put, input: { Item: { open: {}, undelivered: {} } } }).writes).toBe(9);
});

test('a write whose condition fails takes a unit, a read that fails takes none', () => {
  const failed = { input: {}, status: 400, output: {} };
  expect(requestUnits({ ...failed, operation: 'PutItem' })).toEqual({ reads: 0, writes: 1 });
  expect(requestUnits({ ...failed, operation: 'GetItem' })).toEqual({ reads: 0, writes: 0 });
});
