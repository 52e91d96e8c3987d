import { setTimeout as sleep } from 'node:timers/promises';
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

/** The cost of one way of reading. */
export interface ReaderCost {
  readonly name: string;
  /** Nanoseconds of a read that is answered from memory; the median of the rounds. */
  readonly hitNs: number;
  /** Bytes alive for each secret held. */
  readonly entryBytes: number;
  /** Calls for 1,000 reads at once of a secret that is not held. */
  readonly callsOfMisses: number;
  /** The same by name and by ARN in turns, after everything was dropped; undefined where a reader cannot drop it. */
  readonly callsAfterInvalidation: number | undefined;
  /** Number of reads that wait for a call, of 100 shortly before a value expires. */
  readonly blockedInRefresh: number;
  /** Calls for 20 reads, one after the other, of a value past its time while all calls are throttled. */
  readonly outageCalls: number;
  /** Total time of these reads in milliseconds, with a client that does not repeat. */
  readonly outageMs: number;
}

type Make = (client: ReturnType<typeof countingClient>['client'], ttlMs?: number) => Reader;

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
  // Before anything else, whose leavings would count.
  const bytes = new Map<Make, number>();
  for (const make of READERS) bytes.set(make, await bytesPerEntry(make));
  const costs: ReaderCost[] = [];
  for (const make of READERS)
    costs.push({
      name: warm.get(make)?.name ?? '',
      hitNs: Math.round(median(times.get(make)?.slice(2) ?? [])),
      entryBytes: Math.round(bytes.get(make) ?? 0),
      callsOfMisses: await callsOfMisses(make),
      callsAfterInvalidation: await callsAfterInvalidation(make),
      blockedInRefresh: await blockedInRefresh(make),
      ...(await outage(make)),
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

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-AbCdEf';

async function callsAfterInvalidation(make: Make): Promise<number | undefined> {
  const { client, calls } = countingClient();
  const reader = make(client);
  if (reader.invalidateAll === undefined) return undefined;
  for (const id of ['orders/db', ARN]) await reader.get(id);
  const before = calls();
  reader.invalidateAll();
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => reader.get(index % 2 ? ARN : 'orders/db')));
  return calls() - before;
}

/** Long enough that the machine may be busy for a moment between two of its parts. */
const SHORT_TTL_MS = 4_000;

async function blockedInRefresh(make: Make): Promise<number> {
  const { client, hold } = countingClient();
  const reader = make(client, SHORT_TTL_MS);
  await reader.get('orders/db');
  await sleep(SHORT_TTL_MS * 0.96);
  const release = hold();
  let answered = 0;
  const reads = Array.from({ length: 100 }, () => reader.get('orders/db').then(() => answered++));
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  const blocked = reads.length - answered;
  release();
  await Promise.all(reads);
  return blocked;
}

async function outage(make: Make): Promise<Pick<ReaderCost, 'outageCalls' | 'outageMs'>> {
  const { client, calls, throttle } = countingClient();
  const reader = make(client, 200);
  await reader.get('orders/db');
  throttle();
  await sleep(300);
  const [before, start] = [calls(), performance.now()];
  for (let read = 0; read < 20; read++) await reader.get('orders/db').catch(() => undefined);
  return { outageCalls: calls() - before, outageMs: Math.round(performance.now() - start) };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
