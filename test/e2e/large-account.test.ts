import { expect, test } from 'vitest';
import { sweepAtScale } from '../../bench/scale/sweep-at-scale.ts';
import { MINUTE, SECOND } from '../../src/calendar/instant.ts';

test('20,000 secrets are swept by hand-over with none skipped, through throttling and change', async () => {
  const outcome = await sweepAtScale({
    secrets: 20_000,
    suspects: 40,
    callMs: 10 * SECOND,
    throttled: 0.05,
    churnEvery: 20,
    seed: 1,
  });
  expect(outcome.throughout).toBeGreaterThan(19_950);
  expect(outcome.skipped).toEqual([]);
  expect(outcome.stuck).toBeGreaterThan(35);
  expect(outcome.missed).toEqual([]);
  expect(outcome.observed).toBeGreaterThanOrEqual(outcome.throughout);
  expect(outcome.tookMs).toBeGreaterThan(40 * MINUTE);
  expect(outcome.handOvers).toBeGreaterThanOrEqual(3);
  expect(outcome.overlapped).toBeGreaterThan(0);
  expect(outcome.throttledCalls).toBeGreaterThan(0);
  expect(outcome.errors).toEqual([]);
});
