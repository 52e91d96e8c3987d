import { expect, onTestFinished, test } from 'vitest';
import type { CacheEvent } from '../../../client/src/cache/cache-events.ts';
import type { SecretCacheOptions } from '../../../client/src/cache/cache-options.ts';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import type { SecretRequest } from '../../../client/src/source.ts';
import {
  aResponse,
  arnOf,
  handClock,
  heldSource,
  instantSource,
  sdkError,
  settle,
} from '../support/fake-source.ts';
import { seenWarnings } from '../support/seen-warnings.ts';

const NAME = 'orders/db';
const ARN = arnOf(NAME);
const PARTIAL = ARN.slice(0, -7);
const throttled = () => sdkError('ThrottlingException', 400);

function aCache(options: SecretCacheOptions) {
  const clock = handClock();
  const cache = new SecretCache({ ttlMs: 10_000, random: () => 0, now: clock.now, ...options });
  onTestFinished(() => cache.close());
  return { cache, clock };
}

function answering(version = { id: 'v1' }) {
  const source = instantSource(({ secretId, versionStage }) => {
    const Name = secretId.startsWith('arn:') ? NAME : secretId;
    const pending = versionStage === 'AWSPENDING';
    return aResponse({ Name, VersionId: pending ? 'pending' : version.id });
  });
  return { source, version };
}

test('get reads once and answers from memory until the refresh', async () => {
  const { source } = answering();
  const { cache, clock } = aCache({ source });
  const first = await cache.get(NAME);
  clock.pass(6_999);
  expect(await cache.get(NAME)).toBe(first);
  expect(source.requests).toHaveLength(1);
  expect(cache.stats()).toMatchObject({ hits: 1, misses: 1, fetches: 1, entries: 1 });
});

test('get asks for AWSCURRENT by name, as not every endpoint defaults to it', async () => {
  const { source } = answering();
  const { cache } = aCache({ source });
  await cache.get(NAME);
  await cache.get(NAME, { versionStage: 'AWSCURRENT' });
  expect(source.requests).toMatchObject([{ secretId: NAME, versionStage: 'AWSCURRENT' }]);
});

test('a read in the refresh window is served at once and starts one call', async () => {
  const source = heldSource();
  const { cache, clock } = aCache({ source });
  const first = cache.get(NAME);
  await settle();
  await source.calls[0]?.answer(aResponse());
  clock.pass(7_000);
  const served = await Promise.all(Array.from({ length: 100 }, () => cache.get(NAME)));
  expect(new Set(served)).toEqual(new Set([await first]));
  expect(source.calls).toHaveLength(2);
  await source.calls[1]?.answer(aResponse({ VersionId: 'v2' }));
  expect((await cache.get(NAME)).VersionId).toBe('v2');
});

test('a read past the time to live waits for the new value', async () => {
  const { source, version } = answering();
  const { cache, clock } = aCache({ source });
  await cache.get(NAME);
  version.id = 'v2';
  clock.pass(10_000);
  expect((await cache.get(NAME)).VersionId).toBe('v2');
});

test('a clock that was set back does not keep a value alive', async () => {
  const { source } = answering();
  const { cache, clock } = aCache({ source });
  await cache.get(NAME);
  clock.pass(-3_600_000);
  await cache.get(NAME);
  await cache.get(NAME);
  expect(source.requests).toHaveLength(2);
});

test('a time to live of 0 keeps nothing and still shares calls', async () => {
  const { source } = answering();
  const { cache } = aCache({ source, ttlMs: 0 });
  await Promise.all([cache.get(NAME), cache.get(NAME)]);
  await cache.get(NAME);
  expect(source.requests).toHaveLength(2);
});

test.each([
  ['by name first', [NAME, ARN, PARTIAL]],
  ['by ARN first', [ARN, NAME, PARTIAL]],
  ['by partial ARN first', [PARTIAL, NAME, ARN]],
])('1,000 misses at once make one call, %s', async (_order, ids) => {
  const { source } = answering();
  const { cache } = aCache({ source });
  const readAll = () =>
    Promise.all(Array.from({ length: 1_000 }, (_, index) => cache.get(String(ids[index % ids.length]))));
  expect(new Set(await readAll()).size).toBe(1);
  expect(source.requests).toHaveLength(1);
  cache.invalidateAll();
  await readAll();
  expect(source.requests).toHaveLength(2);
});

test('two secrets with names that look alike are never taken for each other', async () => {
  // A partial ARN may end like a full one, and a name may look like another name with its suffix.
  const names = ['orders', 'orders-secret', 'orders-secret-UvWxYz'];
  const source = instantSource(({ secretId }) => {
    const Name = names.find((name) => [name, arnOf(name), arnOf(name).slice(0, -7)].includes(secretId));
    return Name === undefined ? sdkError('ResourceNotFoundException', 400) : aResponse({ Name });
  });
  for (const order of [names, names.toReversed()]) {
    const { cache } = aCache({ source });
    const ids = order.flatMap((name) => [arnOf(name), name, arnOf(name).slice(0, -7)]);
    const values = await Promise.all(ids.map((id) => cache.get(id)));
    expect(values.map(({ Name }) => Name)).toEqual(order.flatMap((name) => [name, name, name]));
  }
});

test('a name is not answered with the secret of the same name in another account', async () => {
  const foreign = 'arn:aws:secretsmanager:eu-west-1:444455556666:secret:orders/db-ZyXwVu';
  const source = instantSource(({ secretId }) =>
    secretId === foreign
      ? aResponse({ ARN: foreign, VersionId: 'foreign' })
      : aResponse({ VersionId: 'own' }),
  );
  const { cache } = aCache({ source });
  const [byArn, byName] = await Promise.all([cache.get(foreign), cache.get(NAME)]);
  expect([byArn.VersionId, byName.VersionId]).toEqual(['foreign', 'own']);
  expect((await cache.get(NAME)).VersionId).toBe('own');
});

test('stages and versions are entries of their own', async () => {
  const source = instantSource(({ versionStage, versionId }) =>
    aResponse({ VersionId: versionId ?? String(versionStage) }),
  );
  const { cache } = aCache({ source });
  const read = async (request: Partial<SecretRequest>) => (await cache.get(NAME, request)).VersionId;
  for (const _twice of [1, 2]) {
    expect(await read({})).toBe('AWSCURRENT');
    expect(await read({ versionStage: 'AWSPENDING' })).toBe('AWSPENDING');
    expect(await read({ versionId: 'v7' })).toBe('v7');
  }
  expect(source.requests).toHaveLength(3);
});

test('a forced read joins no read that began earlier, and the older one is not kept', async () => {
  const source = heldSource();
  const { cache } = aCache({ source });
  const plain = cache.get(NAME);
  await settle();
  const forced = cache.get(NAME, { forceRefresh: true });
  await settle();
  expect(source.calls).toHaveLength(2);
  await source.calls[1]?.answer(aResponse({ VersionId: 'v2' }));
  await source.calls[0]?.answer(aResponse({ VersionId: 'v1' }));
  expect((await forced).VersionId).toBe('v2');
  expect((await plain).VersionId).toBe('v1');
  expect((await cache.get(NAME)).VersionId).toBe('v2');
});

test('forced reads of one turn share a call', async () => {
  const { source } = answering();
  const { cache } = aCache({ source });
  await Promise.all(Array.from({ length: 50 }, () => cache.get(NAME, { forceRefresh: true })));
  expect(source.requests).toMatchObject([{ refresh: true }]);
});

test.each([
  ['its name', NAME],
  ['its ARN', ARN],
  ['its partial ARN', PARTIAL],
])('a read begun before an invalidation by %s is not kept and not joined', async (_spelling, id) => {
  const source = heldSource();
  const { cache } = aCache({ source });
  const before = cache.get(NAME);
  await settle();
  cache.invalidate(id);
  const after = cache.get(NAME);
  await settle();
  await source.calls[0]?.answer(aResponse({ VersionId: 'old' }));
  await source.calls[1]?.answer(aResponse({ VersionId: 'new' }));
  expect((await before).VersionId).toBe('old');
  expect((await after).VersionId).toBe('new');
  expect((await cache.get(NAME)).VersionId).toBe('new');
});

test('an invalidation by ARN drops what was read by name, in every stage', async () => {
  const { source } = answering();
  const { cache } = aCache({ source });
  const readBoth = () => Promise.all([cache.get(NAME), cache.get(NAME, { versionStage: 'AWSPENDING' })]);
  await readBoth();
  cache.invalidate(ARN);
  await readBoth();
  expect(source.requests).toHaveLength(4);
});

test('the entry used longest ago leaves first', async () => {
  const { source } = answering();
  const { cache } = aCache({ source, maxEntries: 2 });
  for (const name of ['a', 'b', 'a', 'c']) await cache.get(name);
  await cache.get('a');
  expect(source.requests.map(({ secretId }) => secretId)).toEqual(['a', 'b', 'c']);
  await cache.get('b');
  expect(source.requests).toHaveLength(4);
  expect(cache.stats()).toMatchObject({ entries: 2, evictions: 2 });
});

test.each([
  ['throttled', throttled()],
  ['a server error', sdkError('InternalServiceError', 500)],
  ['a reset connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
])('a value past its time is served while the source fails: %s', async (_kind, error) => {
  let failing = false;
  const source = instantSource(() => (failing ? error : aResponse()));
  const { cache, clock } = aCache({ source });
  await cache.get(NAME);
  failing = true;
  clock.pass(10_000);
  for (let read = 0; read < 20; read++) expect((await cache.get(NAME)).VersionId).toBe('v1');
  expect(source.requests).toHaveLength(2);
  expect(cache.stats()).toMatchObject({ staleServed: 20, failures: 1 });
});

test('a value is served stale for a bounded time only', async () => {
  let failing = false;
  const source = instantSource(() => (failing ? throttled() : aResponse()));
  const { cache, clock } = aCache({ source, maxStaleMs: 60_000 });
  await cache.get(NAME);
  failing = true;
  clock.pass(69_999);
  expect((await cache.get(NAME)).VersionId).toBe('v1');
  clock.pass(1);
  await expect(cache.get(NAME)).rejects.toMatchObject({ name: 'SecretReadError', reason: 'throttled' });
});

test('a failure that does not pass by itself drops the value', async () => {
  let error: Error | undefined;
  const source = instantSource(() => error ?? aResponse());
  const { cache, clock } = aCache({ source });
  await cache.get(NAME);
  error = sdkError('AccessDeniedException', 400);
  clock.pass(7_000);
  expect((await cache.get(NAME)).VersionId).toBe('v1');
  await settle();
  await expect(cache.get(NAME)).rejects.toMatchObject({ reason: 'denied', retryable: false });
  error = throttled();
  await expect(cache.get(NAME)).rejects.toMatchObject({ reason: 'throttled', retryable: true });
});

test('after a failure without a value, reads fail at once until the pause is over', async () => {
  let failing = true;
  const source = instantSource(() => (failing ? throttled() : aResponse()));
  const { cache, clock } = aCache({ source });
  for (let read = 0; read < 20; read++)
    await expect(cache.get(NAME)).rejects.toMatchObject({ reason: 'throttled' });
  expect(source.requests).toHaveLength(1);
  failing = false;
  clock.pass(1_000);
  expect((await cache.get(NAME)).VersionId).toBe('v1');
});

test('a source that never answers costs the deadline, and the call is aborted', async () => {
  const source = heldSource();
  const { cache } = aCache({ source, timeoutMs: 20 });
  await expect(cache.get(NAME)).rejects.toMatchObject({ reason: 'timeout' });
  expect(source.calls[0]?.signal.aborted).toBe(true);
});

test('a read that a frozen process left behind is not joined', async () => {
  const source = heldSource();
  const { cache, clock } = aCache({ source, timeoutMs: 60_000 });
  const frozen = cache.get(NAME);
  await settle();
  clock.pass(120_001);
  const thawed = cache.get(NAME);
  await settle();
  await source.calls[1]?.answer(aResponse({ VersionId: 'v2' }));
  expect((await thawed).VersionId).toBe('v2');
  await source.calls[0]?.answer(aResponse({ VersionId: 'v1' }));
  await frozen;
  expect((await cache.get(NAME)).VersionId).toBe('v2');
});

test('a signal ends the wait of one caller and not the read of the others', async () => {
  const source = heldSource();
  const { cache } = aCache({ source });
  const controller = new AbortController();
  const impatient = cache.get(NAME, { signal: controller.signal });
  const patient = cache.get(NAME);
  await settle();
  controller.abort(new Error('enough'));
  await expect(impatient).rejects.toThrow('enough');
  await source.calls[0]?.answer(aResponse());
  expect((await patient).VersionId).toBe('v1');
});

test('one signal ends many reads, and Node.js warns of no leak', async () => {
  const warnings = seenWarnings();
  const { cache } = aCache({ source: heldSource() });
  const controller = new AbortController();
  const { signal } = controller;
  const reads = Array.from({ length: 30 }, (_read, index) => cache.get(`${NAME}-${index}`, { signal }));
  await settle();
  controller.abort(new Error('enough'));
  const ends = await Promise.allSettled(reads);
  expect(ends.every((end) => end.status === 'rejected' && end.reason.message === 'enough')).toBe(true);
  expect(warnings).toEqual([]);
});

test('onRotate is called once for another AWSCURRENT, by whichever spelling', async () => {
  const { source, version } = answering();
  const { cache } = aCache({ source });
  const seen: string[] = [];
  for (const id of [NAME, ARN, PARTIAL, 'other'])
    cache.onRotate(id, (value, before) => seen.push(`${id}: ${before} → ${value.VersionId}`));
  cache.onRotate(NAME, () => {
    throw new Error('a listener of the application');
  });
  await cache.get(NAME);
  version.id = 'v2';
  cache.invalidate(NAME);
  await cache.get(ARN);
  await cache.get(NAME, { forceRefresh: true });
  expect(seen).toEqual([NAME, ARN, PARTIAL].map((id) => `${id}: v1 → v2`));
});

test('events describe what happened without a value', async () => {
  let failing = false;
  const source = instantSource(() => (failing ? throttled() : aResponse()));
  const { cache, clock } = aCache({ source });
  const events: CacheEvent[] = [];
  cache.onEvent((event) => events.push(event));
  await cache.get(NAME);
  failing = true;
  clock.pass(10_000);
  await cache.get(NAME);
  cache.invalidate(NAME);
  expect(events.map(({ type }) => type)).toEqual(['fetched', 'fetch-failed', 'stale-served', 'invalidated']);
  expect(JSON.stringify(events)).not.toContain('hunter2');
});

test('getMany reads in batches of 20 and says which failed', async () => {
  const batches: number[] = [];
  const { source } = answering();
  const readMany = async (ids: readonly string[]) => {
    batches.push(ids.length);
    return new Map(
      ids.map((id) => [
        id,
        id === 's3' ? sdkError('ResourceNotFoundException', 400) : aResponse({ Name: id }),
      ]),
    );
  };
  const { cache } = aCache({ source: { ...source, readMany } });
  const ids = Array.from({ length: 45 }, (_, index) => `s${index}`);
  const { values, errors } = await cache.getMany(ids);
  expect(batches).toEqual([20, 20, 5]);
  expect(values.size).toBe(44);
  expect(errors.get('s3')).toMatchObject({ reason: 'not-found' });
  await cache.getMany(ids.filter((id) => id !== 's3'));
  expect(batches).toHaveLength(3);
});

test('the work for each of many secrets does not grow with their number', async () => {
  const source = instantSource(({ secretId }) => aResponse({ Name: secretId }));
  let looks = 0;
  const now = () => {
    looks++;
    return 0;
  };
  const cache = new SecretCache({ source, now });
  const ids = Array.from({ length: 500 }, (_, number) => `app/${number}`);
  const { values } = await cache.getMany(ids);
  expect(values.size).toBe(500);
  await Promise.all(ids.map((id) => cache.get(id, { forceRefresh: true })));
  // Each read looks at the clock a few times; one that looked at all others would do so 500 times.
  expect(looks).toBeLessThan(20 * ids.length);
});

test('getMany reads one by one where batches are denied', async () => {
  const { source } = answering();
  const readMany = () => Promise.reject(sdkError('AccessDeniedException', 400));
  const { cache } = aCache({ source: { ...source, readMany } });
  const { values } = await cache.getMany(['a', 'b']);
  expect([...values.keys()]).toEqual(['a', 'b']);
});

test('a closed cache ends what is under way and reads no more', async () => {
  const source = heldSource();
  const { cache } = aCache({ source });
  const waiting = cache.get(NAME);
  await settle();
  await cache[Symbol.asyncDispose]();
  await expect(waiting).rejects.toMatchObject({ reason: 'closed' });
  await expect(cache.get(NAME)).rejects.toMatchObject({ reason: 'closed' });
});

test('a number that makes no sense is refused', () => {
  expect(() => new SecretCache({ ttlMs: Number.NaN })).toThrow('ttlMs must be >= 0: got NaN');
  expect(() => new SecretCache({ timeoutMs: -1 })).toThrow(RangeError);
});

test('a full ARN that looks like the partial one of another secret is answered with its own', async () => {
  const own = arnOf('orders', 'secret');
  const other = arnOf('orders-secret', 'UvWxYz');
  const source = instantSource(({ secretId }) =>
    secretId === own
      ? aResponse({ Name: 'orders', ARN: own })
      : aResponse({ Name: 'orders-secret', ARN: other }),
  );
  for (const ids of [
    [other, own],
    ['orders-secret', own],
  ]) {
    const { cache } = aCache({ source });
    for (const _again of [1, 2]) {
      const values = await Promise.all(ids.map((id) => cache.get(id)));
      expect(values.map(({ Name }) => Name)).toEqual(['orders-secret', 'orders']);
    }
  }
});

test('who joined a read under another spelling starts none when the cache is closed', async () => {
  const source = heldSource();
  const { cache } = aCache({ source });
  const both = [cache.get(NAME), cache.get(ARN)].map((read) => read.catch((error: unknown) => error));
  await settle();
  await cache.close();
  await cache.close();
  for (const error of await Promise.all(both)) expect(error).toMatchObject({ reason: 'closed' });
  expect(source.calls).toHaveLength(1);
  expect(cache.stats().entries).toBe(0);
});

test('who has given up already starts no read', async () => {
  const { source } = answering();
  const { cache } = aCache({ source });
  const signal = AbortSignal.abort('enough');
  await expect(cache.get(NAME, { signal })).rejects.toBe('enough');
  await expect(cache.getMany([NAME], { signal })).rejects.toBe('enough');
  expect(source.requests).toEqual([]);
});

test('a failure that another copy of this package reports keeps its reason', async () => {
  class SecretReadError extends Error {
    override readonly name = 'SecretReadError';
    readonly reason = 'denied';
    readonly retryable = false;
  }
  let failing = false;
  const source = instantSource(() => (failing ? new SecretReadError('No.') : aResponse()));
  const { cache, clock } = aCache({ source });
  await cache.get(NAME);
  failing = true;
  clock.pass(10_000);
  await expect(cache.get(NAME)).rejects.toMatchObject({ reason: 'denied' });
  expect((await cache.getMany([NAME])).errors.get(NAME)).toMatchObject({ reason: 'denied' });
});

test('a listener that rejects is reported like one that throws, and ends no process', async () => {
  const { source, version } = answering();
  const { cache } = aCache({ source });
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const events: string[] = [];
  cache.onEvent(({ type }) => void events.push(type));
  cache.onEvent(() => Promise.reject(new Error('a listener of the application')));
  cache.onRotate(NAME, () => Promise.reject(new Error('a listener of the application')));
  await cache.get(NAME);
  version.id = 'v2';
  await cache.get(NAME, { forceRefresh: true });
  await settle();
  await settle();
  expect(events).toEqual(['fetched', 'fetched', 'rotated', 'listener-failed']);
  expect(unhandled).toEqual([]);
});
