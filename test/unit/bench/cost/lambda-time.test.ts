import { expect, test } from 'vitest';
import { gbSeconds, type TimeAssumptions } from '../../../../bench/cost/lambda-time.ts';

const ASSUMED: TimeAssumptions = { memoryMib: 512, listMs: 200, callMs: 30, coldStartMs: 1_000 };
const IDLE = { invocations: 0, coldStarts: 0, cpuMs: 0, calls: {} };

test('work takes longer by the share of a processor that the memory gives', () => {
  expect(gbSeconds({ ...IDLE, cpuMs: 1_000 }, ASSUMED)).toBeCloseTo((1_769 / 512) * 0.5, 9);
  expect(gbSeconds({ ...IDLE, cpuMs: 1_000 }, { ...ASSUMED, memoryMib: 2_048 })).toBeCloseTo(2, 9);
});

test('calls are waited for one after the other, lists longer than others', () => {
  const calls = { 'secretsmanager:ListSecrets': 10, 'dynamodb:GetItem': 100 };
  expect(gbSeconds({ ...IDLE, calls }, ASSUMED)).toBeCloseTo((2 + 3) * 0.5, 9);
});

test('a cold start is billed', () => {
  expect(gbSeconds({ ...IDLE, coldStarts: 3 }, ASSUMED)).toBeCloseTo(1.5, 9);
});
