import { expect, test } from 'vitest';
import { breaches } from '../../bench/events/budget.ts';
import { eventStorm } from '../../bench/events/storm.ts';
import { MINUTE, SECOND } from '../../src/calendar/instant.ts';

test('a thousand events in a minute, many twice, out of order and in batches that fail in part, are processed, and written as often as something changed', async () => {
  const storm = await eventStorm({
    rotations: 175,
    withinMs: MINUTE / 2,
    failing: 0.1,
    duplicate: 0.1,
    delayMaxMs: 20 * SECOND,
    serverErrors: 0.4,
  });
  expect(breaches(storm)).toEqual([]);
  expect(storm.busiestMinute).toBeGreaterThanOrEqual(1000);
  expect(storm.delivered).toBeGreaterThan(storm.tally.events.size);
  expect(storm.tally.givenBack).toBeGreaterThan(0);
  expect(storm.tally.partialBatches).toBeGreaterThan(0);
});
