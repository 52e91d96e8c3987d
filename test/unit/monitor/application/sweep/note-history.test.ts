import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { arnHash } from '../../../../../src/monitor/domain/arn-hash.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { NOW, PENDING } from '../../../../support/builders.ts';
import { healthy, named } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

const STEP = 5 * MINUTE;

/** Sweeps, and lets the time until the next sweep go by. */
async function sweep(service: MemoryService): Promise<void> {
  await sweepSecrets(service);
  service.clock.advance(STEP);
}

/** Puts a secret into the catalog as it is from now on. */
const put = (service: MemoryService, name: string, given: Partial<Secret> = {}): void =>
  service.catalog.put(healthy(name, { lastChangedAt: service.clock.now(), ...given }));

const changesOf = async (service: MemoryService, name: string) =>
  (await service.changes.changes(named(name).arn)).filter(
    ({ kind, at }) => kind !== 'rotation-listed' || at > NOW,
  );

/** A service that has swept `names` once, ten minutes ago. */
async function swept(...names: readonly string[]): Promise<MemoryService> {
  const service = aService();
  for (const name of names) put(service, name, { lastChangedAt: later(NOW, -DAY) });
  await sweep(service);
  await sweep(service);
  return service;
}

test('a change between two sweeps is kept with the stretch in which it happened', async () => {
  const service = await swept('prod/db');
  put(service, 'prod/db', { rotationEnabled: false });
  const at = service.clock.now();
  service.clock.advance(MINUTE);
  await sweep(service);
  const [change, ...more] = await changesOf(service, 'prod/db');
  expect(more).toEqual([]);
  expect(change).toMatchObject({ kind: 'rotation-off', at });
  expect(change?.notBefore).toBeLessThan(at);
  expect(change?.notBefore).toBeGreaterThanOrEqual(NOW);
});

test('a sweep that finds nothing new writes no history', async () => {
  const service = await swept('prod/db', 'prod/api');
  const writes: string[] = [];
  const { changes } = service;
  const watched = {
    ...service,
    changes: {
      ...changes,
      writeSight: async () => void writes.push('sight'),
      recordChange: async () => void writes.push('change'),
      writePopulation: async () => void writes.push('population'),
      recordCount: async () => void writes.push('count'),
      readSight: async () => {
        writes.push('read');
        return undefined;
      },
    },
  };
  service.clock.advance(10 * MINUTE);
  await sweep(watched);
  expect(writes).toEqual([]);
});

test('a secret that is gone is found by one look, however many there are', async () => {
  const names = Array.from({ length: 250 }, (_, index) => `prod/${index}`);
  const service = await swept(...names);
  service.catalog.remove(named('prod/7').arn);
  const lastSweep = later(service.clock.now(), -STEP);
  const at = service.clock.now();
  const report = await sweepSecrets(service);
  expect(await changesOf(service, 'prod/7')).toEqual([
    { secretArn: named('prod/7').arn, kind: 'deleted', notBefore: lastSweep, at },
  ]);
  expect((await service.changes.readSight(TARGET, arnHash(named('prod/7').arn)))?.deletedAt).toBe(at);
  expect(report.apiCalls).toBe(3 + 1);
});

test('a secret that was scheduled for deletion has the date that AWS gives, and comes back', async () => {
  const service = await swept('prod/db');
  const deletedAt = service.clock.now();
  put(service, 'prod/db', { deletedAt });
  service.clock.advance(MINUTE);
  await sweep(service);
  expect(await changesOf(service, 'prod/db')).toEqual([
    { secretArn: named('prod/db').arn, kind: 'deletion-scheduled', at: deletedAt },
  ]);
  put(service, 'prod/db');
  await sweep(service);
  const kinds = (await changesOf(service, 'prod/db')).map(({ kind }) => kind);
  expect(kinds).toEqual(['deletion-scheduled', 'restored']);
});

test('a rotation before a deletion is kept though the description no longer shows it', async () => {
  const service = await swept('prod/db');
  const lastRotatedAt = service.clock.now();
  const deletedAt = later(lastRotatedAt, MINUTE);
  const given = { deletedAt, lastChangedAt: deletedAt, rotationEnabled: false };
  put(service, 'prod/db', { ...given, lastRotatedAt, versionStages: { [PENDING]: ['AWSCURRENT'] } });
  const describe = async (id: string) => {
    const secret = await service.catalog.describe(id);
    return secret && { ...secret, lastRotatedAt: undefined };
  };
  service.clock.advance(2 * MINUTE);
  const report = await sweepSecrets({ ...service, catalog: { ...service.catalog, describe } });
  const { arn } = named('prod/db');
  expect(await changesOf(service, 'prod/db')).toEqual([
    { secretArn: arn, kind: 'rotation-listed', at: lastRotatedAt, after: PENDING },
    { secretArn: arn, kind: 'deletion-scheduled', at: deletedAt },
  ]);
  expect(await service.changes.readSight(TARGET, arnHash(arn))).toMatchObject({
    lastRotatedAt,
    deletedAt,
    rotationOn: true,
  });
  expect(report.apiCalls).toBe(1 + 2);
});

test('an owner who was named before a deletion is kept', async () => {
  const service = await swept('prod/db');
  const deletedAt = service.clock.now();
  put(service, 'prod/db', { deletedAt, tags: { 'rotation-monitor:owner': 'payments' } });
  await sweep(service);
  const [deletion, owner, ...more] = await changesOf(service, 'prod/db');
  expect(deletion).toMatchObject({ kind: 'deletion-scheduled', at: deletedAt });
  expect(owner).toMatchObject({ kind: 'owner-changed', at: deletedAt, after: 'payments' });
  expect(more).toEqual([]);
});

test('a rotation is kept as the list shows it', async () => {
  const service = await swept('prod/db');
  const lastRotatedAt = service.clock.now();
  put(service, 'prod/db', { lastRotatedAt, versionStages: { [PENDING]: ['AWSCURRENT'] } });
  await sweep(service);
  expect((await changesOf(service, 'prod/db')).at(-1)).toEqual({
    secretArn: named('prod/db').arn,
    kind: 'rotation-listed',
    at: lastRotatedAt,
    after: PENDING,
  });
});

test('secrets are counted once a day', async () => {
  const service = await swept('prod/db', 'prod/api');
  await sweep(service);
  expect(await service.changes.counts(TARGET, NOW, later(NOW, DAY))).toEqual([{ at: NOW, secrets: 2 }]);
  service.clock.advance(DAY);
  await sweep(service);
  expect(await service.changes.counts(TARGET, NOW, later(NOW, 2 * DAY))).toHaveLength(2);
  expect(await service.changes.readPopulation(TARGET)).toMatchObject({ since: NOW });
});

test('history that cannot be written stops no sweep, and the next one writes it', async () => {
  const service = await swept('prod/db', 'prod/api');
  service.catalog.remove(named('prod/api').arn);
  const lastSweep = later(service.clock.now(), -STEP);
  const catalog = { ...service.catalog, describe: () => Promise.reject(new Error('mistake')) };
  await expect(sweepSecrets({ ...service, catalog })).rejects.toThrow('mistake');
  service.clock.advance(STEP);
  await sweep(service);
  expect(await changesOf(service, 'prod/api')).toMatchObject([{ kind: 'deleted', notBefore: lastSweep }]);
});
