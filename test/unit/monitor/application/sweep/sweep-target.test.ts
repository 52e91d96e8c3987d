import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { MAX_HOPS } from '../../../../../src/monitor/application/sweep/sweep-run.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import type { MetricName } from '../../../../../src/monitor/domain/metric.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { StoreError } from '../../../../../src/monitor/ports/store/store-error.ts';
import { NOW } from '../../../../support/builders.ts';
import { healthy, named, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';
import { drainSweeps, withSlowPages } from '../../../../support/sweeping.ts';

const PAGE_MS = 10 * SECOND;
const LOCK = `sweep#${TARGET.account}#${TARGET.region}`;

/** A service with so many healthy secrets, each page of which takes ten seconds. */
const slow = (secrets: number): MemoryService => {
  const service = aService();
  for (let index = 0; index < secrets; index++)
    service.catalog.put(healthy(`prod/${String(index).padStart(5, '0')}`));
  return withSlowPages(service, PAGE_MS);
};

/** Sweeps by hand-over: so many pages an invocation. */
async function sweepAll(service: MemoryService, pages: number, id = 'first') {
  const budgetMs = pages * PAGE_MS - 1;
  const handOverAt = later(service.clock.now(), budgetMs);
  const { outcome } = await sweepSecrets(service, { id, handOverAt });
  return [outcome, ...(await drainSweeps(service, service.sweepQueue, budgetMs))];
}

const values = ({ metrics }: MemoryService, name: MetricName): readonly number[] =>
  metrics.datapoints.filter((each) => each.name === name).map(({ value }) => value);

const openNames = async ({ store }: MemoryService): Promise<readonly string[]> =>
  (await store.open(TARGET)).filter(({ alerts }) => alerts.some(isOpen)).map(({ name }) => name);

test('a sweep that takes longer than there is time for is handed over until it is done, and misses nobody', async () => {
  const service = slow(950);
  expect(await sweepAll(service, 4)).toEqual(['handed-over', 'handed-over', 'complete']);
  const record = await service.store.readSweep(TARGET);
  expect(record?.last?.tally.observed).toBe(950);
  expect(record?.last?.apiCalls).toBe(10);
  expect(record?.last?.startedAt).toBe(NOW);
  expect(record?.last?.endedAt).toBe(later(NOW, 10 * PAGE_MS));
});

test('what is open on any page is found once, whichever invocation saw it', async () => {
  const service = slow(500);
  for (const place of ['00000', '00150', '00333', '00499']) {
    service.catalog.put(pendingSince(`prod/${place}`, later(NOW, -2 * HOUR)));
  }
  await sweepAll(service, 2);
  expect(await openNames(service)).toHaveLength(4);
  await sweepAll(service, 2, 'second');
  const tally = (await service.store.readSweep(TARGET))?.last?.tally;
  expect(tally).toMatchObject({ observed: 500, pendingStuck: 4, alertsOpen: 4 });
});

test('an alert of an earlier page is not taken for a secret that is gone', async () => {
  const service = slow(300);
  service.catalog.put(pendingSince('prod/00001', later(NOW, -2 * HOUR)));
  await sweepAll(service, 1);
  const before = service.metrics.datapoints.length;
  await sweepAll(service, 1, 'second');
  await sweepAll(service, 1, 'third');
  expect(await openNames(service)).toEqual(['prod/00001']);
  expect(service.metrics.datapoints.length).toBeGreaterThan(before);
  const last = (await service.store.readSweep(TARGET))?.last;
  expect(last?.apiCalls).toBe(3);
});

test('a secret that is gone is found absent by the last invocation alone', async () => {
  const service = slow(300);
  service.catalog.put(pendingSince('prod/00001', later(NOW, -2 * HOUR)));
  await sweepAll(service, 1);
  service.catalog.remove(named('prod/00001').arn);
  await sweepAll(service, 1, 'second');
  expect(await openNames(service)).toEqual(['prod/00001']);
  await sweepAll(service, 1, 'third');
  expect(await openNames(service)).toEqual([]);
});

test('rotation switched off is found on any page, and what was off before is not', async () => {
  const service = slow(300);
  service.catalog.put(healthy('prod/00001', { rotationEnabled: false }));
  await sweepAll(service, 1);
  service.catalog.put(healthy('prod/00001', { rotationEnabled: false }));
  service.catalog.put(healthy('prod/00250', { rotationEnabled: false }));
  await sweepAll(service, 1, 'second');
  service.clock.advance(HOUR);
  await sweepAll(service, 1, 'third');
  expect(await openNames(service)).toEqual(['prod/00250']);
  expect((await service.store.readTarget(TARGET))?.disabled).toHaveLength(2);
});

test('the baseline ends with the last invocation, and what the first one found belongs to it', async () => {
  const service = slow(300);
  service.catalog.put(pendingSince('prod/00001', later(NOW, -2 * HOUR)));
  service.catalog.put(pendingSince('prod/00299', later(NOW, -2 * HOUR)));
  await sweepAll(service, 1);
  const said = (await service.store.undelivered()).flatMap(({ outbox }) => outbox);
  expect(said.map(({ baseline }) => baseline)).toEqual([true, true]);
  expect((await service.store.readTarget(TARGET))?.baselineAt).toBe(later(NOW, 3 * PAGE_MS));
});

test('a first sweep that is complete wakes the delivery for what its baseline held, and no later one does', async () => {
  const service = aService();
  service.catalog.put(healthy('prod/db'));
  await sweepAll(service, 1);
  expect(service.queue.wakes).toEqual([30]);
  await sweepAll(service, 1, 'second');
  expect(service.queue.wakes).toEqual([30]);
});

test('events that did not come are missed once, on whichever page the rotation is', async () => {
  const service = slow(300);
  await sweepAll(service, 1);
  service.clock.set(later(NOW, DAY));
  const lastRotatedAt = later(NOW, DAY - 40 * MINUTE);
  const nextRotationAt = later(NOW, 9 * DAY);
  for (const place of ['00002', '00200', '00290'])
    service.catalog.put(healthy(`prod/${place}`, { lastRotatedAt, nextRotationAt }));
  await sweepAll(service, 1, 'second');
  service.clock.advance(5 * MINUTE);
  await sweepAll(service, 1, 'third');
  expect(values(service, 'EventsMissed').reduce((sum, value) => sum + value, 0)).toBe(3);
});

test('what became due while a long sweep ran is left to the next one', async () => {
  const service = slow(300);
  await sweepAll(service, 1);
  service.clock.set(later(NOW, DAY));
  const lastRotatedAt = later(NOW, DAY - 30 * MINUTE + PAGE_MS);
  service.catalog.put(healthy('prod/00002', { lastRotatedAt, nextRotationAt: later(NOW, 9 * DAY) }));
  await sweepAll(service, 1, 'second');
  expect(values(service, 'EventsMissed')).toEqual([]);
  service.clock.advance(5 * MINUTE);
  await sweepAll(service, 1, 'third');
  expect(values(service, 'EventsMissed')).toEqual([1]);
});

test('the time of a sweep is that of all its invocations, and gauges are published when it is done', async () => {
  const service = slow(300);
  await sweepAll(service, 1);
  expect(values(service, 'SweepsHandedOver')).toEqual([1, 1]);
  expect(values(service, 'SecretsObserved')).toEqual([0]);
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(service, { id: 'second' });
  expect(values(service, 'SecretsObserved')).toEqual([0, 300]);
  expect(values(service, 'SweepDuration').at(-1)).toBe(3 * PAGE_MS);
});

test('a sweep that meets another one of the same target at work ends at once, and is counted', async () => {
  const service = slow(300);
  const { store, clock } = service;
  await store.acquireLock({ name: LOCK, holder: 'other', now: NOW, until: later(NOW, MINUTE) });
  expect(await sweepSecrets(service, { id: 'late' })).toMatchObject({ outcome: 'busy', apiCalls: 0 });
  expect(values(service, 'SweepsOverlapped')).toEqual([1]);
  clock.advance(MINUTE);
  expect((await sweepSecrets(service, { id: 'later' })).outcome).toBe('complete');
});

test('a sweep that was handed over keeps others away until it is done', async () => {
  const service = slow(300);
  const handOverAt = later(NOW, PAGE_MS - 1);
  await sweepSecrets(service, { id: 'first', handOverAt });
  service.clock.advance(10 * MINUTE);
  expect((await sweepSecrets(service, { id: 'second' })).outcome).toBe('busy');
  expect(await drainSweeps(service, service.sweepQueue, HOUR)).toEqual(['complete']);
  expect((await sweepSecrets(service, { id: 'third' })).outcome).toBe('complete');
});

test('a hand-over that nobody takes up is overtaken by another sweep, and then comes to nothing', async () => {
  const service = slow(300);
  await sweepSecrets(service, { id: 'first', handOverAt: later(NOW, PAGE_MS - 1) });
  service.clock.advance(20 * MINUTE);
  expect((await sweepSecrets(service, { id: 'second' })).outcome).toBe('complete');
  const before = await service.store.readSweep(TARGET);
  expect(await drainSweeps(service, service.sweepQueue, HOUR)).toEqual(['superseded']);
  expect(await service.store.readSweep(TARGET)).toEqual(before);
});

test('a message that comes twice does not fork a sweep that has gone on', async () => {
  const service = slow(500);
  const budgetMs = PAGE_MS - 1;
  await sweepSecrets(service, { id: 'first', handOverAt: later(NOW, budgetMs) });
  const [again] = service.sweepQueue.requests;
  if (again === undefined) throw new Error('The sweep was not handed over');
  const [second] = await drainOne(service, budgetMs);
  expect(second).toBe('handed-over');
  await drainOne(service, budgetMs);
  service.sweepQueue.requests.unshift(again);
  expect(await drainSweeps(service, service.sweepQueue, budgetMs)).toEqual([
    'superseded',
    'handed-over',
    'complete',
  ]);
  expect((await service.store.readSweep(TARGET))?.last?.tally.observed).toBe(500);
});

/** Runs one message and leaves what it sends. */
async function drainOne(service: MemoryService, budgetMs: number) {
  const waiting = service.sweepQueue.requests.splice(0, 1);
  const queue = { ...service.sweepQueue, requests: waiting };
  return drainSweeps(service, queue, budgetMs);
}

test('a sweep is not handed over more often than Lambda lets a function invoke itself', async () => {
  const service = slow(100 * (MAX_HOPS + 5));
  const outcomes = await sweepAll(service, 1);
  expect(outcomes).toHaveLength(MAX_HOPS + 1);
  expect(outcomes.at(-1)).toBe('given-up');
  expect(outcomes.length).toBeLessThanOrEqual(16);
  expect((await service.store.readSweep(TARGET))?.last).toBeUndefined();
  expect(service.records.map(({ message }) => message)).toContain('A sweep was handed over too often');
});

test('a long sweep keeps its lock, and one that lost it stops', async () => {
  const service = slow(3000);
  const done = sweepSecrets(service, { id: 'long' });
  expect((await done).outcome).toBe('complete');
  const stolen = {
    ...service,
    store: {
      ...service.store,
      acquireLock: async (lock: Parameters<typeof service.store.acquireLock>[0]) =>
        lock.name !== LOCK || lock.now === later(NOW, 30 * PAGE_MS),
    },
  };
  expect((await sweepSecrets(stolen, { id: 'robbed' })).outcome).toBe('busy');
});

test('a target that cannot be listed after a hand-over is not swept, and resolves nothing', async () => {
  const service = slow(300);
  service.catalog.put(pendingSince('prod/00299', later(NOW, -2 * HOUR)));
  await sweepAll(service, 1);
  await sweepSecrets(service, { id: 'second', handOverAt: service.clock.now() });
  const denied = new CatalogError('denied', { reason: 'denied', retryable: false });
  const blind = {
    ...service,
    catalog: {
      ...service.catalog,
      // biome-ignore lint/correctness/useYield: the first page already fails
      async *list() {
        throw denied;
      },
    },
  };
  expect(await drainSweeps(blind, service.sweepQueue, HOUR)).toEqual(['unreachable']);
  expect(await openNames(service)).toEqual(['prod/00299']);
  expect((await service.store.readSweep(TARGET))?.failingSince).toBeDefined();
});

test('a secret that cannot be checked lets the last invocation fail, and the baseline wait', async () => {
  const service = slow(300);
  service.catalog.put(pendingSince('prod/00001', later(NOW, -2 * HOUR)));
  const write = service.store.write;
  const broken = {
    ...service,
    store: { ...service.store, write: () => Promise.reject(new Error('cannot write')) },
  };
  const handOverAt = later(NOW, PAGE_MS - 1);
  await expect(sweepSecrets(broken, { id: 'first', handOverAt })).rejects.toThrow(AggregateError);
  expect(
    await drainSweeps({ ...service, store: { ...service.store, write } }, service.sweepQueue, HOUR),
  ).toEqual(['complete']);
  expect((await service.store.readTarget(TARGET))?.baselineAt).toBeUndefined();
});

test('a secret that cannot be stored is counted and passed over once; its target is swept all the same', async () => {
  const memory = slow(300);
  const places = ['prod/00001', 'prod/00299'];
  for (const place of places) memory.catalog.put(pendingSince(place, later(NOW, -2 * HOUR)));
  await sweepAll(memory, 3, 'first');
  const { arn } = named('prod/00001');
  const write: typeof memory.store.write = async (state) => {
    if (state.subject === arn) throw new StoreError('Cannot write', { reason: 'invalid', retryable: false });
    return memory.store.write(state);
  };
  const service = { ...memory, store: { ...memory.store, write } };
  for (const place of places) memory.catalog.put(healthy(place));
  memory.clock.advance(HOUR);
  await sweepAll(service, 1, 'second');
  expect(values(memory, 'SecretsUnstorable')).toEqual([1]);
  expect(await openNames(memory)).toEqual(['prod/00001']);
  expect((await memory.store.readSweep(TARGET))?.last?.startedAt).toBeGreaterThanOrEqual(later(NOW, HOUR));
});
