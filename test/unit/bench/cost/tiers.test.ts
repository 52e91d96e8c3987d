import { expect, test } from 'vitest';
import { CHECK_TIERS, METRIC_TIERS, tieredCost } from '../../../../bench/cost/tiers.ts';

test('a quantity within the first tier costs its price', () => {
  expect(tieredCost(METRIC_TIERS, 0)).toBe(0);
  expect(tieredCost(METRIC_TIERS, 10_000)).toBeCloseTo(3_000, 9);
});

test('what is above a tier costs the price of the next one', () => {
  expect(tieredCost(METRIC_TIERS, 10_001)).toBeCloseTo(3_000.1, 9);
  expect(tieredCost(CHECK_TIERS, 620_000)).toBeCloseTo(100 + 320 + 60, 9);
});

test('the last tier has no end', () => {
  expect(tieredCost(METRIC_TIERS, 2_000_000)).toBeCloseTo(3_000 + 24_000 + 37_500 + 20_000, 6);
});
