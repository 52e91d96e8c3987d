import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { savedCalls } from '../../../../src/cli/cost/saved-calls.ts';

const reading = { callsPerHour: 1_000, processes: 1, ttlSeconds: 300, hours: 720 };

test('a process that reads 1,000 times an hour makes 8,640 calls instead of 720,000 with five minutes of cache', () => {
  expect(savedCalls(reading)).toEqual({
    direct: 720_000,
    cache: 8_640,
    agent: { least: 8_640, most: 17_280 },
  });
});

test('every process refreshes for itself', () => {
  expect(savedCalls({ ...reading, processes: 40 }).cache).toBe(345_600);
});

test('a cache never asks more often than it is asked', () => {
  expect(savedCalls({ ...reading, callsPerHour: 5 })).toEqual({
    direct: 3_600,
    cache: 3_600,
    agent: { least: 3_600, most: 3_600 },
  });
  expect(savedCalls({ ...reading, callsPerHour: 20 }).agent).toEqual({ least: 8_640, most: 14_400 });
});

test('no reading costs more with a cache than without, and none costs less than nothing', () => {
  const some = fc.record({
    callsPerHour: fc.double({ min: 0, max: 1e6, noNaN: true }),
    processes: fc.integer({ min: 1, max: 1e4 }),
    ttlSeconds: fc.integer({ min: 1, max: 86_400 }),
    hours: fc.integer({ min: 1, max: 8_784 }),
  });
  void fc.assert(
    fc.property(some, (given) => {
      const { direct, cache, agent } = savedCalls(given);
      expect(cache).toBeGreaterThanOrEqual(0);
      expect([cache, agent.least, agent.most].every((calls) => calls <= direct)).toBe(true);
      expect(agent.most).toBeGreaterThanOrEqual(agent.least);
    }),
  );
});
