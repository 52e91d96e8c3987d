import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { checkDaily } from '../../../../../src/monitor/application/sweep/check-daily.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { StoreError } from '../../../../../src/monitor/ports/store/store-error.ts';
import { aReplica, at, CURRENT, NOW, PREVIOUS } from '../../../../support/builders.ts';
import { healthy } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

const ROTATED = at('2026-11-02T00:20:00Z');
const YESTERDAY = at('2026-11-20T00:00:00Z');

/** A primary with a replica, as a catalog keeps it. */
const primary = (name: string, status: Parameters<typeof aReplica>[1], given: Partial<Secret> = {}) =>
  healthy(name, { primaryRegion: 'eu-west-1', replicas: [aReplica('us-east-1', status)], ...given });

/** A secret whose previous version was requested on a day. */
const requested = (name: string, requestedOn = YESTERDAY) => ({
  ...healthy(name, { lastAccessedAt: YESTERDAY }),
  createdAt: { [CURRENT]: later(ROTATED, -MINUTE), [PREVIOUS]: later(ROTATED, -30 * DAY) },
  lastAccessedAt: { [PREVIOUS]: requestedOn },
});

const openCodes = async ({ store }: MemoryService): Promise<readonly string[]> =>
  (await store.open(TARGET)).flatMap(({ name, alerts }) =>
    alerts.filter(isOpen).map(({ code }) => `${name} ${code}`),
  );

const GIVEN = { baseline: false, eventsArrive: true };

test('a secret in sync costs one call, one that was requested another, and nothing is remembered of either', async () => {
  const service = aService();
  const stored = [primary('a', 'InSync'), requested('b', at('2026-11-02T00:00:00Z'))];
  for (const each of stored) service.catalog.put(each);
  const secrets = stored.map(({ secret }) => secret);
  const { apiCalls, suspects, datapoints, errors } = await checkDaily(
    service,
    { asked: secrets, changed: [] },
    GIVEN,
  );
  expect({ apiCalls, suspects, errors }).toEqual({ apiCalls: 2, suspects: [], errors: [] });
  expect(datapoints).toEqual([{ name: 'DailyCheckApiCalls', value: 2 }]);
  expect(await service.store.read(secrets[0]?.arn ?? '')).toBeUndefined();
});

test('what looks wrong is looked at like any suspect and reported', async () => {
  const service = aService();
  const stored = [primary('a', 'Failed'), requested('b')];
  for (const each of stored) service.catalog.put(each);
  const { apiCalls, suspects } = await checkDaily(
    service,
    { asked: stored.map(({ secret }) => secret), changed: [] },
    GIVEN,
  );
  expect(suspects.map(({ secretName, findings }) => [secretName, findings.map(({ code }) => code)])).toEqual([
    ['a', ['replication-failed']],
    ['b', ['previous-version-in-use']],
  ]);
  expect(apiCalls).toBe(2 + 3);
  expect(await openCodes(service)).toEqual(['a replication-failed', 'b previous-version-in-use']);
});

test('a secret that cannot be asked about is counted and logged, and stops no other', async () => {
  const service = aService();
  const stored = [primary('denied', 'Failed'), primary('b', 'Failed')];
  for (const each of stored) service.catalog.put(each);
  const catalog = {
    ...service.catalog,
    describe: async (id: string) => {
      if (!id.includes('denied')) return service.catalog.describe(id);
      throw new CatalogError('Cannot describe: denied', { reason: 'denied', retryable: false });
    },
  };
  const { suspects, datapoints, errors } = await checkDaily(
    { ...service, catalog },
    { asked: stored.map(({ secret }) => secret), changed: [] },
    GIVEN,
  );
  expect(suspects.map(({ secretName }) => secretName)).toEqual(['b']);
  expect(errors).toEqual([]);
  expect(datapoints).toContainEqual({
    name: 'DailyChecksFailed',
    value: 1,
    dimensions: { Reason: 'denied' },
  });
  expect(service.records).toMatchObject([{ level: 'warn', details: { secrets: 1 } }]);
});

test('a sweep checks what is due, counts it apart, and does so once a day', async () => {
  const service = aService();
  for (let index = 0; index < 5; index++) service.catalog.put(primary(`prod/${index}`, 'InSync'));
  const first = await sweepSecrets(service);
  expect(first).toMatchObject({ apiCalls: 1, dailyApiCalls: 5 });
  let calls = 0;
  for (let sweep = 0; sweep < 24; sweep++) {
    service.clock.advance(HOUR);
    const { apiCalls, dailyApiCalls } = await sweepSecrets(service);
    expect(apiCalls).toBe(1);
    calls += dailyApiCalls;
  }
  expect(calls).toBe(5);
  const counted = service.metrics.datapoints.filter(({ name }) => name === 'DailyCheckApiCalls');
  expect(counted.reduce((sum, { value }) => sum + value, 0)).toBe(10);
});

test('what could not be stored is asked about again in the next sweep', async () => {
  const service = aService();
  service.catalog.put(primary('a', 'Failed'));
  let isDown = true;
  const store = {
    ...service.store,
    write: (...given: Parameters<typeof service.store.write>) => {
      if (isDown) throw new StoreError('Cannot write', { reason: 'server', retryable: true });
      return service.store.write(...given);
    },
  };
  await expect(sweepSecrets({ ...service, store })).rejects.toThrow(AggregateError);
  expect(await openCodes(service)).toEqual([]);
  isDown = false;
  service.clock.advance(5 * MINUTE);
  await sweepSecrets({ ...service, store });
  expect(await openCodes(service)).toEqual(['a replication-failed']);
});

test('a sweep checks no more secrets than it may, and the next one goes on', async () => {
  const { settings, ...rest } = aService();
  const service = { ...rest, settings: { ...settings, dailyChecks: 2 } };
  for (let index = 0; index < 5; index++) service.catalog.put(primary(`prod/${index}`, 'InSync'));
  const calls: number[] = [];
  for (let sweep = 0; sweep < 4; sweep++) {
    calls.push((await sweepSecrets(service)).dailyApiCalls);
    service.clock.advance(MINUTE);
  }
  expect(calls).toEqual([2, 2, 1, 0]);
});

test('an open alert about replicas is confirmed in every sweep, and over when all are in sync', async () => {
  const service = aService();
  service.catalog.put(primary('a', 'Failed'));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual(['a replication-failed']);
  service.clock.advance(5 * MINUTE);
  expect(await sweepSecrets(service)).toMatchObject({ apiCalls: 2, dailyApiCalls: 0 });
  service.catalog.put(primary('a', 'InProgress'));
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual(['a replication-failed']);
  service.catalog.put(primary('a', 'InSync'));
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
  const said = (await service.store.undelivered()).flatMap(({ outbox }) => outbox);
  expect(said.map(({ transition }) => transition)).toEqual(['opened', 'resolved']);
  expect(said.at(-1)?.resolution?.endedBy).toBe('Every replica is in sync.');
  expect(await sweepSecrets(service)).toMatchObject({ apiCalls: 1 });
});

test('a replica in progress is watched in every sweep and reported once it takes too long', async () => {
  const service = aService();
  service.catalog.put(primary('a', 'InProgress'));
  await sweepSecrets(service);
  service.clock.set(later(NOW, HOUR));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
  expect((await service.store.open(TARGET)).map(({ name }) => name)).toEqual(['a']);
  service.clock.set(later(NOW, HOUR + 1));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual(['a replication-failed']);
});

test('a replica in this region, and a secret on its way out, are not asked about', async () => {
  const service = aService();
  service.catalog.put(primary('replica', 'Failed', { primaryRegion: 'us-east-1' }));
  service.catalog.put(primary('deleted', 'Failed', { deletedAt: NOW }));
  expect(await sweepSecrets(service)).toMatchObject({ apiCalls: 1, dailyApiCalls: 0, suspects: [] });
});

test('a primary that is deleted is not watched any more', async () => {
  const service = aService();
  service.catalog.put(primary('a', 'Failed'));
  await sweepSecrets(service);
  service.clock.advance(5 * MINUTE);
  service.catalog.put(primary('a', 'Failed', { deletedAt: service.clock.now() }));
  await sweepSecrets(service);
  expect(await service.store.open(TARGET)).toEqual([]);
});

test('a use of AWSPREVIOUS is reported until nobody has asked for a week, with no call of a sweep', async () => {
  const service = aService();
  service.catalog.put(requested('b'));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual(['b previous-version-in-use']);
  service.clock.set(later(YESTERDAY, 8 * DAY - MINUTE));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual(['b previous-version-in-use']);
  service.clock.set(later(YESTERDAY, 8 * DAY));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
});

test('the next rotation ends it', async () => {
  const service = aService();
  service.catalog.put(requested('b'));
  await sweepSecrets(service);
  service.clock.advance(DAY);
  const next = '44444444-4444-4444-8444-444444444444';
  const versionStages = { [next]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] };
  service.catalog.put(healthy('b', { lastRotatedAt: service.clock.now(), versionStages }));
  await sweepSecrets(service);
  expect(await openCodes(service)).toEqual([]);
  const said = (await service.store.undelivered()).flatMap(({ outbox }) => outbox);
  expect(said.at(-1)?.resolution?.endedBy).toMatch(/^The secret rotated at /);
});
