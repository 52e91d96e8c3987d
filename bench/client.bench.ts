import { beforeAll, bench } from 'vitest';
import { measureReaders, type ReaderCost } from './client/measure.ts';

/** Of the time that a hit of a hand-written Map takes. */
const MOST_TIME = 1.2;
/** Of the memory that a Map of whole responses takes. */
const MOST_MEMORY = 1.15;

let costs: readonly ReaderCost[];

beforeAll(async () => {
  costs = await measureReaders();
  console.log(
    '| reader | ns a hit | bytes an entry | calls of 1,000 misses at once |\n| --- | --: | --: | --: |',
  );
  for (const { name, hitNs, entryBytes, callsOfMisses } of costs)
    console.log(`| ${name} | ${hitNs} | ${entryBytes} | ${callsOfMisses} |`);
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
    if (ours.callsOfMisses !== 1) throw new Error(`1,000 misses made ${ours.callsOfMisses} calls`);
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);
