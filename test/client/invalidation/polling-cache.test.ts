import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import type { InvalidationEvent } from '../../../client/src/invalidation/follower.ts';
import { type PollingOptions, PollingSecretCache } from '../../../client/src/invalidation/polling-cache.ts';
import { dynamodbLeaseStore } from '../../../src/monitor/adapters/dynamodb/dynamodb-lease-store.ts';
import type { SecretArn } from '../../../src/monitor/domain/secret/secret.ts';
import { sdk } from '../../support/simulated.ts';
import { aPlace, leaseIn, until } from '../support/listening.ts';

const INTERVAL = 15_000;

/** A place and a cache that looks every 15 s of a clock that the test moves. */
async function aPoller(options: PollingOptions = {}) {
  const place = await aPlace();
  const events: InvalidationEvent[] = [];
  let now = Date.now();
  const cache = new PollingSecretCache({
    client: new SecretsManagerClient(sdk(place.simulator, 'application')),
    intervalMs: INTERVAL,
    ttlMs: 3_600_000,
    now: () => now,
    random: () => 1,
    onInvalidation: (event) => void events.push(event),
    ...options,
  });
  onTestFinished(() => cache.close());
  const calls = () => {
    const counts = place.simulator.callLog.counts('application');
    return [counts['secretsmanager:GetSecretValue'] ?? 0, counts['secretsmanager:DescribeSecret'] ?? 0];
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...place, cache, events, calls, pass };
}

test('a read looks when the last look is as old as the interval, and reads only what has moved', async () => {
  const { cache, calls, pass, secret, events } = await aPoller();
  await cache.get('orders/db');
  pass(INTERVAL - 1);
  await cache.get('orders/db');
  expect(calls()).toEqual([1, 0]);
  pass(1);
  await cache.get('orders/db');
  await cache.get('orders/db');
  expect(calls()).toEqual([1, 1]);
  const versionId = await secret.put();
  pass(INTERVAL);
  expect((await cache.get('orders/db')).VersionId).toBe(versionId);
  expect(calls()).toEqual([2, 2]);
  expect(events).toEqual([{ type: 'confirmed', secretArn: secret.arn, versionId, ms: INTERVAL }]);
});

test('a move back is found like any other', async () => {
  const { cache, pass, secret } = await aPoller();
  const first = (await cache.get('orders/db')).VersionId;
  await secret.put();
  pass(INTERVAL);
  await cache.get('orders/db');
  await secret.back();
  pass(INTERVAL);
  expect((await cache.get('orders/db')).VersionId).toBe(first);
});

test('a thousand reads at once look once', async () => {
  const { cache, calls, pass, secret } = await aPoller();
  await cache.get('orders/db');
  const versionId = await secret.put();
  pass(INTERVAL);
  const values = await Promise.all(Array.from({ length: 1_000 }, () => cache.get('orders/db')));
  expect(new Set(values.map(({ VersionId }) => VersionId))).toEqual(new Set([versionId]));
  expect(calls()).toEqual([2, 1]);
});

test('a look that fails serves what is held until the next one', async () => {
  const { cache, calls, pass, secret, simulator, events } = await aPoller();
  const first = (await cache.get('orders/db')).VersionId;
  const second = await secret.put();
  const heal = simulator.faults.add({ kind: 'denied', probability: 1, operation: 'DescribeSecret' });
  pass(INTERVAL);
  for (const _ of [1, 2]) expect((await cache.get('orders/db')).VersionId).toBe(first);
  expect(calls()).toEqual([1, 1]);
  expect(events.map(({ type }) => type)).toEqual(['failed']);
  heal();
  pass(INTERVAL);
  expect((await cache.get('orders/db')).VersionId).toBe(second);
});

test('with the interval at the TTL the refreshes of the cache are the looks', async () => {
  const { cache, calls, pass } = await aPoller({ ttlMs: INTERVAL, intervalMs: undefined });
  await cache.get('orders/db');
  for (let turn = 1; turn <= 5; turn++) {
    pass(INTERVAL * 0.96);
    await cache.get('orders/db');
    await until(() => calls()[0] === turn + 1);
  }
  expect(calls()).toEqual([6, 0]);
});

test('pinned and forced reads need no look', async () => {
  const { cache, calls, pass } = await aPoller();
  const { VersionId: versionId } = await cache.get('orders/db');
  pass(INTERVAL);
  await cache.get('orders/db', { versionId });
  await cache.get('orders/db', { forceRefresh: true });
  expect(calls()).toEqual([3, 0]);
});

test('a lease is written by reads alone, and renewed by them, also when the clock is set back', async () => {
  const place = await aPoller();
  const store = dynamodbLeaseStore(new DynamoDBClient(sdk(place.simulator, 'monitor')), 'leases');
  const leases = () => store.leases(place.secret.arn as SecretArn);
  let now = Date.now();
  const cache = new PollingSecretCache({
    client: new SecretsManagerClient(sdk(place.simulator, 'application')),
    lease: { ...leaseIn(place.simulator), durationMs: 60_000 },
    consumer: 'function-1',
    ttlMs: 3_600_000,
    now: () => now,
  });
  const { VersionId } = await cache.get('orders/db');
  await until(async () => (await leases()).length === 1);
  const [first] = await leases();
  expect(first).toMatchObject({ consumer: 'function-1', confirmedVersionId: VersionId });
  now += 31_000;
  await cache.get('orders/db');
  await until(async () => (await leases())[0]?.expiresAt !== first?.expiresAt);
  const [second] = await leases();
  now -= 3_600_000;
  await cache.get('orders/db');
  await until(async () => (await leases())[0]?.expiresAt !== second?.expiresAt);
  await cache.close();
  expect(await leases()).toEqual([]);
});

test('an interval of nothing is refused', () => {
  expect(() => new PollingSecretCache({ intervalMs: 0 })).toThrow('intervalMs must be > 0');
});

test('a read of many looks as single reads do', async () => {
  const { cache, calls, pass, secret } = await aPoller();
  await cache.getMany(['orders/db', secret.arn]);
  const before = calls();
  const versionId = await secret.put();
  pass(INTERVAL);
  const { values } = await cache.getMany(['orders/db']);
  expect(values.get('orders/db')?.VersionId).toBe(versionId);
  expect(calls()).toEqual([Number(before[0]) + 1, 1]);
});

test('a signal ends the wait for a look, and not that of others', async () => {
  const { cache, pass, simulator } = await aPoller({ ttlMs: 10 * INTERVAL });
  await cache.get('orders/db');
  simulator.faults.add({ kind: 'throttled', probability: 1, operation: 'DescribeSecret' });
  pass(INTERVAL);
  const controller = new AbortController();
  const impatient = cache.get('orders/db', { signal: controller.signal });
  const patient = cache.get('orders/db');
  controller.abort('enough');
  await expect(impatient).rejects.toBe('enough');
  expect((await patient).Name).toBe('orders/db');
});

test('a listener that throws fails no read', async () => {
  const failing = () => {
    throw new Error('a listener of the application');
  };
  const { cache, pass, secret, simulator } = await aPoller({ onInvalidation: failing });
  await cache.get('orders/db');
  const versionId = await secret.put();
  pass(INTERVAL);
  expect((await cache.get('orders/db')).VersionId).toBe(versionId);
  simulator.faults.add({ kind: 'denied', probability: 1, operation: 'DescribeSecret' });
  pass(INTERVAL);
  expect((await cache.get('orders/db')).VersionId).toBe(versionId);
});
