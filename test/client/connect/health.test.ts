import { expect, onTestFinished, test } from 'vitest';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { healthCheck } from '../../../client/src/connect/health.ts';
import { withCredentials } from '../../../client/src/connect/with-credentials.ts';
import { aResponse, arnOf, handClock, instantSource, sdkError } from '../support/fake-source.ts';

const CANARY = 'canary-90ab';
let secrets = 0;

function aWorld() {
  const Name = `health/${++secrets}`;
  const state = { failing: undefined as Error | undefined, pending: false };
  const clock = handClock();
  const source = instantSource(({ secretId, versionStage }) => {
    if (state.failing !== undefined) return state.failing;
    const pending = versionStage === 'AWSPENDING';
    if (pending && !state.pending) return sdkError('ResourceNotFoundException', 400);
    const SecretString = JSON.stringify({ username: 'app', password: pending ? 'two' : CANARY });
    const found = secretId === 'another' ? secretId : Name;
    return aResponse({ Name: found, ARN: arnOf(found), VersionId: pending ? 'v2' : 'v1', SecretString });
  });
  const cache = new SecretCache({ source, now: clock.now, ttlMs: 1_000 });
  onTestFinished(() => cache.close());
  const logIn = (accepted: string) => () =>
    withCredentials(
      Name,
      ({ password }) => {
        if (password !== accepted) throw Object.assign(new Error(password), { errno: 1045 });
      },
      { cache, budgetMs: 100 },
    );
  return { Name, state, cache, clock, logIn };
}

test('healthy: what needs the secret works with AWSCURRENT', async () => {
  const { Name, cache, logIn } = aWorld();
  expect(await healthCheck(Name, logIn(CANARY), { cache })).toEqual({ state: 'healthy', reason: undefined });
});

test('degraded: AWSPENDING is used, or an older value', async () => {
  const { Name, cache, clock, state, logIn } = aWorld();
  await logIn(CANARY)();
  state.pending = true;
  expect(await healthCheck(Name, logIn('two'), { cache })).toMatchObject({
    state: 'degraded',
    reason: expect.stringContaining('AWSPENDING is used'),
  });
  const other = aWorld();
  await other.logIn(CANARY)();
  other.state.failing = sdkError('ThrottlingException', 400);
  other.clock.pass(1_000);
  expect(await healthCheck(other.Name, other.logIn(CANARY), other)).toMatchObject({
    state: 'degraded',
    reason: 'the secret cannot be read and an older value is used',
  });
  expect(clock.now()).toBeGreaterThan(0);
});

test.each([
  [
    'the password is refused',
    (world: ReturnType<typeof aWorld>) => world.logIn('another'),
    /no version of it/,
  ],
  [
    'the driver fails',
    () => () => Promise.reject(Object.assign(new Error(CANARY), { code: 'ETIMEDOUT' })),
    /ETIMEDOUT/,
  ],
  [
    'a library wraps the refusal',
    (world: ReturnType<typeof aWorld>) => async () => {
      await world
        .logIn('another')()
        .catch((cause: unknown) => {
          throw new Error(CANARY, { cause });
        });
    },
    /no version of it/,
  ],
  [
    'a library wraps what the driver says',
    () => () =>
      Promise.reject(new Error(CANARY, { cause: Object.assign(new Error(CANARY), { code: 'ETIMEDOUT' }) })),
    /ETIMEDOUT/,
  ],
  [
    'an error cannot be read',
    () => () =>
      Promise.reject(
        new Proxy(new Error(CANARY), {
          get: () => {
            throw new Error(CANARY);
          },
        }),
      ),
    /unknown/,
  ],
  ['nothing answers', () => () => new Promise(() => undefined), /no answer within 500 ms/],
])('unhealthy: %s, said without a value', async (_name, use, reason) => {
  const world = aWorld();
  const health = await healthCheck(world.Name, use(world), {
    cache: world.cache,
    timeoutMs: /nothing/.test(_name) ? 500 : 60_000,
  });
  expect(health).toMatchObject({ state: 'unhealthy' });
  expect(health.reason).toMatch(reason);
  expect(JSON.stringify(health)).not.toContain(CANARY);
});

test('unhealthy: the secret may not be read', async () => {
  const { Name, cache, state, logIn } = aWorld();
  state.failing = sdkError('AccessDeniedException', 400);
  expect(await healthCheck(Name, logIn(CANARY), { cache })).toMatchObject({
    state: 'unhealthy',
    reason: expect.stringContaining('AccessDeniedException'),
  });
});

test('healthy: another secret that cannot be read says nothing about this one', async () => {
  const { Name, cache, clock, state, logIn } = aWorld();
  await logIn(CANARY)();
  await cache.get('another');
  state.failing = sdkError('ThrottlingException', 400);
  const use = async () => {
    clock.pass(1_000);
    await cache.get('another');
  };
  expect(await healthCheck(Name, use, { cache })).toMatchObject({ state: 'healthy' });
});
