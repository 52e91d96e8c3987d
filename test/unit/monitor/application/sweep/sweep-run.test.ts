import { expect, test } from 'vitest';
import { later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  HAND_OVER_WAIT_MS,
  handOverAt,
  MAX_HOPS,
} from '../../../../../src/monitor/application/sweep/sweep-run.ts';
import { NOW } from '../../../../support/builders.ts';

test('of the fifteen minutes that Lambda gives thirteen are for work, at least ten before every hand-over', () => {
  expect(handOverAt(NOW, 15 * MINUTE)).toBe(later(NOW, 13 * MINUTE));
});

test('a function with next to no time left hands over at once', () => {
  expect(handOverAt(NOW, MINUTE)).toBe(NOW);
});

test('the invocations of one sweep suffice for 500,000 secrets at two seconds a page, and stay below sixteen', () => {
  const invocations = MAX_HOPS + 1;
  expect(invocations).toBeLessThan(16);
  expect(invocations * 13 * MINUTE).toBeGreaterThanOrEqual((500_000 / 100) * 2 * SECOND);
});

test('a sweep may wait for its next invocation as long as an invocation lasts', () => {
  expect(HAND_OVER_WAIT_MS).toBe(15 * MINUTE);
});
