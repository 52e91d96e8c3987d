import { beforeAll, bench } from 'vitest';
import { MINUTE, SECOND } from '../src/calendar/instant.ts';
import { breaches, resultRow } from './events/budget.ts';
import { eventStorm, type Storm } from './events/storm.ts';

/** Events within one minute that the monitor has to take. */
const EVENTS = 10_000;

let storm: Storm;

beforeAll(async () => {
  storm = await eventStorm({
    rotations: 1_700,
    withinMs: MINUTE / 2,
    failing: 0.1,
    duplicate: 0.1,
    delayMaxMs: 20 * SECOND,
    serverErrors: 0.4,
  });
  console.log(resultRow(storm));
}, 0);

/** One comparison, made once: what counts was counted above. */
bench(
  'ten thousand rotation events in a minute are processed, each once, and written as often as something changed',
  () => {
    const broken = [
      ...breaches(storm),
      ...(storm.busiestMinute >= EVENTS ? [] : [`The busiest minute had ${storm.busiestMinute} events`]),
      ...(storm.busiestOfHandlers >= EVENTS
        ? []
        : [`The handlers took at most ${storm.busiestOfHandlers} events in a minute`]),
      ...(storm.tally.partialBatches > 0 ? [] : ['No batch failed in part']),
    ];
    if (broken.length > 0) throw new Error(broken.join('\n'));
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);
