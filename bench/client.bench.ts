import { beforeAll, bench } from 'vitest';
import { measureReaders, type ReaderCost } from './client/measure.ts';

/** Most time of a hit, as a multiple of that of a hand-written Map. */
const MOST_TIME = 1.2;
/** Most memory, as a multiple of that of a Map of whole responses. */
const MOST_MEMORY = 1.15;

/** Most calls for 20 reads in an outage. */
const MOST_OUTAGE_CALLS = 4;
/** Longest time of one read, in milliseconds, which all of them together must not exceed. */
const DEADLINE_MS = 5_000;

let costs: readonly ReaderCost[];

beforeAll(async () => {
  costs = await measureReaders();
  const heads = ['ns a hit', 'bytes an entry', 'calls of 1,000 misses', 'the same, all dropped, mixed ids'];
  const more = ['blocked before expiry, of 100', 'calls of 20 reads throttled', 'ms of these'];
  console.log(`| reader | ${[...heads, ...more].join(' | ')} |\n| --- |${' --: |'.repeat(7)}`);
  for (const cost of costs)
    console.log(
      `| ${[cost.name, cost.hitNs, cost.entryBytes, cost.callsOfMisses, cost.callsAfterInvalidation ?? '–', cost.blockedInRefresh, cost.outageCalls, cost.outageMs].join(' | ')} |`,
    );
}, 0);

/** One comparison, made once: what counts was measured above, in interleaved rounds. */
bench(
  'SecretCache costs no more than a Map by hand',
  () => {
    const of = (name: string) => {
      const cost = costs.find((each) => each.name === name);
      if (cost === undefined) throw new Error(`Not measured: ${name}`);
      return cost;
    };
    const [ours, map, bounded] = [of('SecretCache'), of('Map'), of('Map with LRU and statistics')];
    if (ours.hitNs > MOST_TIME * bounded.hitNs)
      throw new Error(`A hit takes ${ours.hitNs} ns, the Map ${bounded.hitNs}`);
    if (ours.entryBytes > MOST_MEMORY * map.entryBytes)
      throw new Error(`An entry takes ${ours.entryBytes} bytes, the Map ${map.entryBytes}`);
    const calls = [ours.callsOfMisses, ours.callsAfterInvalidation];
    if (calls.some((each) => each !== 1)) throw new Error(`1,000 misses made ${calls.join(' and ')} calls`);
    if (ours.blockedInRefresh > 0) throw new Error(`${ours.blockedInRefresh} reads waited before expiry`);
    if (ours.outageCalls > MOST_OUTAGE_CALLS) throw new Error(`20 reads made ${ours.outageCalls} calls`);
    if (ours.outageMs > DEADLINE_MS) throw new Error(`20 reads in an outage took ${ours.outageMs} ms`);
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);
