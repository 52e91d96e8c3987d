import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  boundedMapReader,
  countingClient,
  mapReader,
  ourReader,
  powertoolsReader,
  type Reader,
} from './readers.ts';

/** What one way of reading cost. */
export interface ReaderCost {
  readonly name: string;
  /** Nanoseconds of a read that is answered from memory; the median of the rounds. */
  readonly hitNs: number;
  /** Bytes alive for each secret held. */
  readonly entryBytes: number;
  /** Calls for 1,000 reads at once of a secret that is not held. */
  readonly callsOfMisses: number;
}

type Make = (client: ReturnType<typeof countingClient>['client']) => Reader;

const READERS: readonly Make[] = [mapReader, boundedMapReader, ourReader, powertoolsReader];
const ROUNDS = 9;
const READS = 200_000;
const ENTRIES = 5_000;
const NAMES = ['orders/db', 'payment/api', 'reports/db'];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Measures all readers, round by round beside each other. */
export async function measureReaders(): Promise<readonly ReaderCost[]> {
  const times = new Map<Make, number[]>(READERS.map((make) => [make, []]));
  const warm = new Map<Make, Reader>();
  for (const make of READERS) {
    const reader = make(countingClient().client);
    for (const name of NAMES) await reader.get(name);
    warm.set(make, reader);
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const [make, reader] of warm) times.get(make)?.push(await nsPerRead(reader));
  const costs: ReaderCost[] = [];
  for (const make of READERS)
    costs.push({
      name: warm.get(make)?.name ?? '',
      hitNs: Math.round(median(times.get(make)?.slice(2) ?? [])),
      entryBytes: Math.round(await bytesPerEntry(make)),
      callsOfMisses: await callsOfMisses(make),
    });
  return costs;
}

async function nsPerRead(reader: Reader): Promise<number> {
  const start = process.hrtime.bigint();
  for (let read = 0; read < READS; read++) await reader.get(NAMES[read % NAMES.length] ?? '');
  return Number(process.hrtime.bigint() - start) / READS;
}

async function bytesPerEntry(make: Make): Promise<number> {
  const reader = make(countingClient().client);
  for (let entry = 0; entry < 50; entry++) await reader.get(`warm-${entry}`);
  const before = alive();
  for (let entry = 0; entry < ENTRIES; entry++) await reader.get(`entry-${entry}`);
  const after = alive();
  // Holds the reader until here.
  await reader.get('warm-1');
  return (after - before) / ENTRIES;
}

function alive(): number {
  for (let round = 0; round < 4; round++) collect();
  return process.memoryUsage().heapUsed;
}

async function callsOfMisses(make: Make): Promise<number> {
  const { client, calls } = countingClient();
  const reader = make(client);
  await Promise.all(Array.from({ length: 1_000 }, () => reader.get('orders/db')));
  return calls();
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
