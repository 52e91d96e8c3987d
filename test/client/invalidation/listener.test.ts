import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { listenForRotations } from '../../../client/src/invalidation/listener.ts';
import { dynamodbLeaseStore } from '../../../src/monitor/adapters/dynamodb/dynamodb-lease-store.ts';
import type { SecretArn } from '../../../src/monitor/domain/secret/secret.ts';
import { sdk } from '../../support/simulated.ts';
import { aResponse, arnOf, instantSource } from '../support/fake-source.ts';
import { aMove, aPlace, leaseIn, type Place, until } from '../support/listening.ts';

const queuesOf = ({ simulator }: Place) => simulator.queues.all();
const subscriptionsOf = async ({ simulator, topicArn: TopicArn }: Place) => {
  const listed = await simulator.call('sns', 'ListSubscriptionsByTopic', { TopicArn }, 'test');
  return (listed as { Subscriptions: readonly { Endpoint: string }[] }).Subscriptions;
};

test('a reported move is in the cache without a read of the application, once and with its time', async () => {
  const place = await aPlace();
  const { cache, listener, events } = place.process();
  const rotated: string[] = [];
  cache.onRotate('orders/db', ({ VersionId }) => void rotated.push(VersionId));
  await cache.get('orders/db');
  await listener.ready();
  const fetches = cache.stats().fetches;
  const versionId = await place.secret.put();
  place.tell(versionId);
  place.tell(versionId, { sequence: 1 });
  await until(() => events.some(({ type }) => type === 'confirmed'));
  await until(() => listener.stats().received === 2);
  expect(rotated).toEqual([versionId]);
  expect(cache.stats().fetches).toBe(fetches + 1);
  expect(events.filter(({ type }) => type === 'confirmed')[0]).toMatchObject({
    secretArn: place.secret.arn,
    versionId,
  });
  expect((await cache.get('orders/db')).VersionId).toBe(versionId);
});

test('a move back is taken up too, and an older move that comes late leads nowhere', async () => {
  const place = await aPlace();
  const { cache, listener, events } = place.process();
  const first = (await cache.get('orders/db')).VersionId;
  await listener.ready();
  const second = await place.secret.put();
  await place.secret.back();
  place.tell(first, { sequence: 3, previousVersionId: second });
  place.tell(second, { sequence: 2, previousVersionId: first });
  await until(() => listener.stats().received === 2);
  await until(() => events.filter(({ type }) => type === 'confirmed').length > 0);
  expect((await cache.get('orders/db')).VersionId).toBe(first);
  expect(events.filter(({ type }) => type === 'older-read')).toEqual([]);
});

test('reads that still show the version before are repeated until they do not', async () => {
  let lagging = 3;
  const source = instantSource(() => {
    const isOld = lagging-- > 0;
    return aResponse({ ARN: arnOf('orders/db'), VersionId: isOld ? 'v1' : 'v2' });
  });
  const place = await aPlace();
  const { cache, listener, events } = place.process({ cache: new SecretCache({ source }) });
  await cache.get('orders/db');
  await listener.ready();
  place.simulator.sns.announce(place.topicArn, aMove(arnOf('orders/db'), 'v2', { previousVersionId: 'v1' }));
  await until(() => events.some(({ type }) => type === 'confirmed'));
  expect(events.map(({ type }) => type)).toEqual(['listening', 'older-read', 'confirmed']);
  expect((await cache.get('orders/db')).VersionId).toBe('v2');
});

test('a version newer than the one reported is as good: an event only causes a read', async () => {
  const place = await aPlace();
  const { cache, listener, events } = place.process();
  const first = (await cache.get('orders/db')).VersionId;
  await listener.ready();
  const second = await place.secret.put();
  const third = await place.secret.put();
  place.tell(second, { previousVersionId: first });
  await until(() => events.some(({ type }) => type === 'confirmed'));
  expect((await cache.get('orders/db')).VersionId).toBe(third);
});

test('secrets that this process does not use cost no call', async () => {
  const place = await aPlace();
  const { cache, listener } = place.process();
  await listener.ready();
  place.tell(await place.secret.put());
  await until(() => listener.stats().received === 1);
  expect(cache.stats().fetches).toBe(0);
});

test('a first read that began before the move and ended after it does not stay', async () => {
  let answer: (versionId: string) => void = () => undefined;
  let reads = 0;
  const source = {
    read: () =>
      ++reads === 1
        ? new Promise<ReturnType<typeof aResponse>>((resolve) => {
            answer = (VersionId) => resolve(aResponse({ ARN: arnOf('orders/db'), VersionId }));
          })
        : Promise.resolve(aResponse({ ARN: arnOf('orders/db'), VersionId: 'v2' })),
  };
  const place = await aPlace();
  const { cache, listener } = place.process({ cache: new SecretCache({ source }) });
  await listener.ready();
  const read = cache.get('orders/db');
  await until(() => reads === 1);
  place.simulator.sns.announce(place.topicArn, aMove(arnOf('orders/db'), 'v2', { previousVersionId: 'v1' }));
  await until(() => listener.stats().received === 1);
  answer('v1');
  expect((await read).VersionId).toBe('v1');
  await until(() => listener.stats().confirmed === 1);
  expect((await cache.get('orders/db')).VersionId).toBe('v2');
});

test('the queue of a process is encrypted, keeps messages for 300 s, takes the topic alone, and goes at the end', async () => {
  const place = await aPlace();
  const { listener } = place.process();
  await listener.ready();
  const [queue, ...others] = queuesOf(place);
  expect(others).toEqual([]);
  expect(queue?.name).toMatch(/^app-orders-7-[0-9a-f]{8}$/);
  expect(Object.fromEntries(queue?.attributes ?? [])).toMatchObject({
    MessageRetentionPeriod: '300',
    SqsManagedSseEnabled: 'true',
  });
  expect(JSON.parse(queue?.attributes.get('Policy') ?? '')).toMatchObject({
    Statement: [
      {
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue?.arn,
        Condition: { ArnEquals: { 'aws:SourceArn': place.topicArn } },
      },
    ],
  });
  expect([...(queue?.tags.keys() ?? [])]).toContain('secret-rotation-client:alive-until');
  await listener.close();
  expect(queuesOf(place)).toEqual([]);
  expect(await subscriptionsOf(place)).toEqual([]);
});

test('a start collects the queues of processes that died, and no others', async () => {
  const place = await aPlace();
  const hours = (count: number) => () => Date.now() - count * 3_600_000;
  const dead = place.process({ now: hours(2), consumer: 'dead' });
  const living = place.process({ now: hours(1), consumer: 'living' });
  await Promise.all([dead.listener.ready(), living.listener.ready()]);
  await place.simulator.call('sqs', 'CreateQueue', { QueueName: 'app-of-somebody-else' }, 'test');
  const { listener } = place.process({ consumer: 'new' });
  await listener.ready();
  await until(async () => (await subscriptionsOf(place)).length === 2);
  await until(() => queuesOf(place).length === 3);
  expect(queuesOf(place).map(({ name }) => name.replace(/-[0-9a-f]{8}$/, ''))).toEqual(
    expect.arrayContaining(['app-living', 'app-of-somebody-else', 'app-new']),
  );
});

test('a process whose clock is set back says that it lives by its new time', async () => {
  const place = await aPlace();
  let now = Date.now() + 7_200_000;
  const { listener } = place.process({ now: () => now });
  await listener.ready();
  const aliveUntil = () => queuesOf(place)[0]?.tags.get('secret-rotation-client:alive-until');
  const before = aliveUntil();
  now -= 7_200_000;
  place.tell(await place.secret.put());
  await until(() => aliveUntil() !== before);
  expect(Number(aliveUntil())).toBeLessThan(Number(before));
});

test('a queue that somebody deleted is made anew, and what moved meanwhile is read', async () => {
  const place = await aPlace();
  const { cache, listener, events } = place.process();
  await cache.get('orders/db');
  await listener.ready();
  const [queue] = queuesOf(place);
  if (queue === undefined) throw new Error('There is no queue');
  const versionId = await place.secret.put();
  place.simulator.queues.remove(queue);
  queue.send({ body: 'wakes the poll' });
  await until(() => events.filter(({ type }) => type === 'listening').length === 2);
  expect((await cache.get('orders/db')).VersionId).toBe(versionId);
});

test('a queue that is given is read and stays', async () => {
  const place = await aPlace();
  const given = place.simulator.queues.create('given', {});
  const { cache, listener } = place.process({
    topicArn: undefined,
    queueUrl: place.simulator.queues.url(given),
  });
  await cache.get('orders/db');
  await listener.ready();
  const versionId = await place.secret.put();
  const envelope = { Type: 'Notification', Message: aMove(place.secret.arn, versionId) };
  given.send({ body: JSON.stringify(envelope) });
  given.send({ body: '{"source":"somebody"}' });
  await until(() => listener.stats().confirmed === 1 && listener.stats().unrecognised === 1);
  await until(() => given.depth().visible + given.depth().inFlight === 0);
  await listener.close();
  expect(queuesOf(place)).toEqual([given]);
});

test('a move whose secret cannot be read stays in the queue and comes again', async () => {
  const place = await aPlace();
  const { cache, listener, events } = place.process();
  await cache.get('orders/db');
  await listener.ready();
  const [queue] = queuesOf(place);
  queue?.attributes.set('VisibilityTimeout', '1');
  const versionId = await place.secret.put();
  const heal = place.simulator.faults.add({ kind: 'throttled', probability: 1, operation: 'GetSecretValue' });
  place.tell(versionId);
  await until(() => events.some(({ type }) => type === 'failed'));
  expect((await cache.get('orders/db')).VersionId).not.toBe(versionId);
  heal();
  await until(() => listener.stats().confirmed === 1);
});

test('a local agent beside the process is refreshed before the cache is', async () => {
  const order: string[] = [];
  const source = instantSource(() => {
    order.push('read');
    return aResponse({ ARN: arnOf('orders/db'), VersionId: order.includes('agent orders/db') ? 'v2' : 'v1' });
  });
  const agent = {
    refresh: async (_arn: string, name: string) => void order.push(`agent ${name}`),
  };
  const place = await aPlace();
  const { cache, listener } = place.process({ cache: new SecretCache({ source }), agent });
  await cache.get('orders/db');
  await listener.ready();
  order.length = 0;
  place.simulator.sns.announce(place.topicArn, aMove(arnOf('orders/db'), 'v2'));
  await until(() => listener.stats().confirmed === 1);
  expect(order).toEqual(['agent orders/db', 'read']);
});

test('the version in use is confirmed by lease, at the start, after a move, and not after the end', async () => {
  const place = await aPlace();
  const store = dynamodbLeaseStore(new DynamoDBClient(sdk(place.simulator, 'monitor')), 'leases');
  const leases = () => store.leases(place.secret.arn as SecretArn);
  const { cache, listener } = place.process({ lease: leaseIn(place.simulator) });
  const first = (await cache.get('orders/db')).VersionId;
  await listener.ready();
  expect(await leases()).toMatchObject([{ consumer: 'orders-7', confirmedVersionId: first }]);
  const second = await place.secret.put();
  place.tell(second);
  await until(() => listener.stats().confirmed === 1);
  await until(async () => (await leases())[0]?.confirmedVersionId === second);
  await listener.close();
  expect(await leases()).toEqual([]);
});

test('leases are renewed at half their time without a new time of confirmation, and a denied one is reported once', async () => {
  const place = await aPlace();
  const store = dynamodbLeaseStore(new DynamoDBClient(sdk(place.simulator, 'monitor')), 'leases');
  let now = Date.now();
  const { cache, listener, events } = place.process({
    lease: { ...leaseIn(place.simulator), durationMs: 60_000 },
    now: () => now,
  });
  await cache.get('orders/db');
  await listener.ready();
  const [before] = await store.leases(place.secret.arn as SecretArn);
  now += 31_000;
  await cache.get('orders/db', { forceRefresh: true });
  await until(
    async () => (await store.leases(place.secret.arn as SecretArn))[0]?.expiresAt !== before?.expiresAt,
  );
  const [after] = await store.leases(place.secret.arn as SecretArn);
  expect(after?.confirmedAt).toBe(before?.confirmedAt);
  place.simulator.faults.add({ kind: 'denied', probability: 1, service: 'dynamodb' });
  for (const _ of [1, 2]) {
    now += 31_000;
    await cache.get('orders/db', { forceRefresh: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(events.filter(({ type }) => type === 'failed')).toHaveLength(1);
});

test.each([
  ['neither a topic nor a queue', {}, 'give a topic or a queue'],
  [
    'both',
    { topicArn: 'arn:aws:sns:eu-west-1:111122223333:t', queueUrl: 'https://q' },
    'give a topic or a queue',
  ],
])('%s is refused', (_case, options, message) => {
  const cache = new SecretCache({ source: instantSource(() => aResponse()) });
  expect(() => listenForRotations({ cache, ...options })).toThrow(message);
});

test('a listener of the application that throws or rejects ends neither the process nor the listening', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const place = await aPlace();
  const failing = () => {
    throw new Error('a listener of the application');
  };
  for (const onEvent of [failing, () => Promise.reject(new Error('a listener of the application'))]) {
    const { cache, listener } = place.process({ onEvent });
    await cache.get('orders/db');
    await listener.ready();
    const versionId = await place.secret.put();
    place.tell(versionId);
    await until(() => listener.stats().confirmed === 1);
    expect((await cache.get('orders/db')).VersionId).toBe(versionId);
    await listener.close();
  }
  expect(unhandled).toEqual([]);
});

test('a listener that is closed before it is ready says so, and leaves nothing behind', async () => {
  const place = await aPlace();
  const { listener } = place.process();
  const ready = listener.ready().catch(String);
  await Promise.all([listener.close(), listener.close()]);
  await listener.close();
  expect(await ready).toContain('the listener was closed');
  expect(queuesOf(place)).toEqual([]);
  expect(await subscriptionsOf(place)).toEqual([]);
});

test('a listener that is closed twice at once fails in nothing', async () => {
  const place = await aPlace();
  const { listener, events } = place.process();
  await listener.ready();
  await Promise.all([listener.close(), listener.close()]);
  expect(events.map(({ type }) => type)).toEqual(['listening']);
});
