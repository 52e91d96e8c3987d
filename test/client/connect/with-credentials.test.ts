import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import type { SecretResponse } from '../../../client/src/cache/secret-value.ts';
import type { ChainEvent } from '../../../client/src/connect/credential-chain.ts';
import type { Credentials } from '../../../client/src/connect/credentials.ts';
import { type CredentialOptions, withCredentials } from '../../../client/src/connect/with-credentials.ts';
import { aResponse, arnOf, sdkError } from '../support/fake-source.ts';
import { seenWarnings } from '../support/seen-warnings.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
});

const REFUSED = { errno: 1045 };
const LOCKED = { errno: 4151 };
let secrets = 0;

type Fields = Readonly<Record<string, unknown>>;
const field = (fields: Fields) => JSON.stringify({ username: 'app', host: 'db', port: 3306, ...fields });

/** A secret and a server that accepts one password at a time, in milliseconds of a clock that tests move. */
class World {
  readonly name = `orders/${++secrets}`;
  readonly stages = new Map<string, Partial<SecretResponse> | Error>();
  readonly reads: string[] = [];
  readonly tried: string[] = [];
  readonly events: ChainEvent[] = [];
  accepted = 'one';
  locked = false;
  /** Duration of a log-in, in milliseconds. */
  takesMs = 10;
  running = 0;
  mostAtOnce = 0;
  readonly cache: SecretCache;

  constructor() {
    this.current('v1', 'one');
    this.cache = new SecretCache({ source: { read: ({ versionStage = '' }) => this.#read(versionStage) } });
    onTestFinished(() => this.cache.close());
  }

  current(VersionId: string, password: string, fields: Fields = {}): void {
    this.stages.set('AWSCURRENT', { VersionId, SecretString: field({ password, ...fields }) });
  }

  pending(VersionId: string, password: string, fields: Fields = {}): void {
    this.stages.set('AWSPENDING', { VersionId, SecretString: field({ password, ...fields }) });
  }

  logIn(options: CredentialOptions = {}): Promise<string> {
    const onEvent = (event: ChainEvent) => void this.events.push(event);
    return withCredentials(this.name, (found) => this.#server(found), {
      cache: this.cache,
      onEvent,
      ...options,
    });
  }

  /** Logs in `count` times at once and lets time pass until all are done. */
  async logInOften(count: number, options?: CredentialOptions): Promise<PromiseSettledResult<string>[]> {
    const all = Promise.allSettled(Array.from({ length: count }, () => this.logIn(options)));
    await vi.advanceTimersByTimeAsync(60_000);
    return all;
  }

  async #read(stage: string): Promise<SecretResponse> {
    this.reads.push(stage);
    const found = this.stages.get(stage) ?? sdkError('ResourceNotFoundException', 400);
    if (found instanceof Error) throw found;
    return aResponse({ Name: this.name, ARN: arnOf(this.name), VersionStages: [stage], ...found });
  }

  async #server({ password }: Credentials): Promise<string> {
    this.tried.push(password);
    this.running++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    await new Promise((resolve) => setTimeout(resolve, this.takesMs));
    this.running--;
    if (this.locked) throw Object.assign(new Error('locked'), LOCKED);
    if (password !== this.accepted) throw Object.assign(new Error('refused'), REFUSED);
    return password;
  }
}

const outcomes = (results: readonly PromiseSettledResult<string>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as Error).name));

test('the cached AWSCURRENT is tried first', async () => {
  const world = new World();
  expect(outcomes(await world.logInOften(2))).toEqual(['one', 'one']);
  expect(world.reads).toEqual(['AWSCURRENT', 'AWSPENDING']);
});

test('a refused AWSCURRENT is read anew before AWSPENDING', async () => {
  const world = new World();
  await world.logInOften(1);
  world.current('v2', 'two');
  world.pending('v2', 'two');
  world.accepted = 'two';
  world.tried.length = 0;
  expect(outcomes(await world.logInOften(10))).toEqual(Array(10).fill('two'));
  expect(world.tried.filter((password) => password === 'one')).toHaveLength(1);
  expect(world.events).toEqual([]);
});

test('between setSecret and finishSecret AWSPENDING is used, and remembered until AWSCURRENT moves', async () => {
  const world = new World();
  await world.logInOften(1);
  world.pending('v2', 'two');
  world.accepted = 'two';
  world.reads.length = 0;
  world.tried.length = 0;
  expect(outcomes(await world.logInOften(20))).toEqual(Array(20).fill('two'));
  expect(outcomes(await world.logInOften(5))).toEqual(Array(5).fill('two'));
  expect(world.tried.filter((password) => password === 'one')).toHaveLength(1);
  expect(world.reads).toEqual(['AWSCURRENT', 'AWSPENDING']);
  expect(world.events).toEqual([{ type: 'pending-used', versionId: 'v2' }]);
  world.current('v2', 'two');
  world.cache.invalidate(world.name);
  expect(outcomes(await world.logInOften(1))).toEqual(['two']);
});

test('of AWSPENDING only the secret part is taken', async () => {
  const world = new World();
  world.current('v1', 'one', { dbname: 'now', apiKey: 'a' });
  world.pending('v2', 'two', { dbname: 'later', apiKey: 'b' });
  world.accepted = 'two';
  const seen: Credentials[] = [];
  const logIn = withCredentials(
    world.name,
    (found) => {
      seen.push(found);
      if (found.password === 'one') throw REFUSED;
    },
    { cache: world.cache },
  );
  await vi.advanceTimersByTimeAsync(5_000);
  await logIn;
  expect(seen.at(-1)).toMatchObject({
    password: 'two',
    dbname: 'now',
    apiKey: 'a',
    username: 'app',
    port: 3306,
  });
});

test.each([
  ['another user (alternating users)', { username: 'app_clone' }],
  ['another host', { host: 'elsewhere' }],
  ['another port', { port: 3307 }],
  ['an engine where AWSCURRENT names none', { engine: 'mysql' }],
  ['another user by the older name', { username: undefined, user: 'app_clone' }],
  ['another host by the older name', { host: undefined, hostname: 'elsewhere' }],
  ['the same password', { password: 'one' }],
  ['no password', { password: undefined }],
  ['a password of null', { password: null }],
  ['a password that is a prototype', { password: undefined, ['__proto__']: { password: 'two' } }],
])('AWSPENDING with %s is never tried', async (_what, fields) => {
  const world = new World();
  world.pending('v2', 'two', fields);
  world.accepted = 'two';
  expect(outcomes(await world.logInOften(1))).toEqual(['CredentialsRefusedError']);
  expect(new Set(world.tried)).toEqual(new Set(['one']));
});

test.each([
  ['another user', { user: 'app_clone' }],
  ['another host', { hostname: 'elsewhere' }],
  ['another host by the newer name', { host: 'elsewhere', hostname: undefined }],
])('AWSPENDING with %s is never tried where a secret has older names', async (_what, fields) => {
  const world = new World();
  const older = { username: undefined, user: 'app', host: undefined, hostname: 'db' };
  world.current('v1', 'one', older);
  world.pending('v2', 'two', { ...older, ...fields });
  world.accepted = 'two';
  expect(outcomes(await world.logInOften(1))).toEqual(['CredentialsRefusedError']);
  expect(new Set(world.tried)).toEqual(new Set(['one']));
});

test('AWSPENDING with the password of AWSCURRENT costs no further refusal', async () => {
  const world = new World();
  world.pending('v2', 'one', { later: true });
  world.accepted = 'two';
  await world.logInOften(1, { budgetMs: 4_000 });
  expect(world.tried).toEqual(['one']);
});

test('AWSPENDING of the same user under the older names is used', async () => {
  const world = new World();
  world.current('v1', 'one', { username: undefined, user: 'app', host: undefined, hostname: 'db' });
  world.pending('v2', 'two');
  world.accepted = 'two';
  expect(outcomes(await world.logInOften(1))).toEqual(['two']);
});

test('an AWSPENDING of bytes is never tried', async () => {
  const world = new World();
  const SecretBinary = new TextEncoder().encode('two');
  world.stages.set('AWSPENDING', { VersionId: 'v2', SecretString: undefined, SecretBinary });
  world.accepted = 'two';
  expect(outcomes(await world.logInOften(1))).toEqual(['CredentialsRefusedError']);
});

test.each([
  ['refused', () => ({ accepted: 'two' })],
  ['locked', () => ({ locked: true })],
])('a clock that is set back by an hour does not prolong the rest of what was %s', async (_what, before) => {
  const world = new World();
  Object.assign(world, before());
  await world.logInOften(1, { budgetMs: 1_000 });
  vi.setSystemTime(Date.now() - 3_600_000);
  Object.assign(world, { accepted: 'one', locked: false });
  expect(outcomes(await world.logInOften(1))).toEqual(['one']);
});

test('a clock that is set back while a log-in waits does not prolong its budget', async () => {
  const world = new World();
  world.accepted = 'two';
  const waiting = world.logIn().catch((error: Error) => error.name);
  await vi.advanceTimersByTimeAsync(1_000);
  vi.setSystemTime(Date.now() - 3_600_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await Promise.race([waiting, 'waits'])).toBe('CredentialsRefusedError');
});

test('an empty pending version is no value yet, and one that may not be read is reported once', async () => {
  const world = new World();
  world.accepted = 'two';
  expect(outcomes(await world.logInOften(1))).toEqual(['CredentialsRefusedError']);
  expect(world.events).toEqual([]);
  world.stages.set('AWSPENDING', sdkError('AccessDeniedException', 400));
  expect(outcomes(await world.logInOften(3))).toEqual(Array(3).fill('CredentialsRefusedError'));
  expect(world.events).toEqual([{ type: 'pending-denied' }]);
});

test('a refused version rests for five seconds', async () => {
  const world = new World();
  world.accepted = 'two';
  const results = await world.logInOften(50, { budgetMs: 12_000 });
  expect(outcomes(results)).toEqual(Array(50).fill('CredentialsRefusedError'));
  expect(world.tried).toEqual(['one', 'one', 'one']);
});

test('a remembered credential that is refused starts the chain anew', async () => {
  const world = new World();
  await world.logInOften(1);
  world.pending('v2', 'two');
  world.accepted = 'two';
  await world.logInOften(1);
  world.accepted = 'one';
  world.stages.delete('AWSPENDING');
  world.tried.length = 0;
  expect(outcomes(await world.logInOften(10))).toEqual(Array(10).fill('one'));
  expect(world.tried.filter((password) => password === 'two')).toHaveLength(1);
});

test('one log-in at a time until one has worked, then at most three where many wait', async () => {
  const world = new World();
  const all = Promise.all(Array.from({ length: 30 }, () => world.logIn()));
  await vi.advanceTimersByTimeAsync(5);
  expect(world.running).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  await all;
  expect(world.mostAtOnce).toBe(3);
  world.mostAtOnce = 0;
  world.takesMs = 2_000;
  await world.logInOften(4);
  expect(world.mostAtOnce).toBe(1);
});

test('a locked account ends the attempts for five seconds, and no other credential is tried', async () => {
  const world = new World();
  world.pending('v2', 'two');
  world.locked = true;
  const results = await world.logInOften(20);
  expect(outcomes(results)).toEqual(Array(20).fill('AccountLockedError'));
  expect(world.tried).toEqual(['one', 'one']);
});

test('who waits for a try that outlasts the budget hears what the server said last: locked', async () => {
  const world = new World();
  world.locked = true;
  const results = world.logInOften(3);
  await vi.advanceTimersByTimeAsync(1_000);
  world.takesMs = 8_000;
  expect(outcomes(await results)).toEqual(Array(3).fill('AccountLockedError'));
  expect(world.tried).toEqual(['one', 'one']);
});

test('an account that is locked no longer, but refuses, is said to refuse', async () => {
  const world = new World();
  world.locked = true;
  const results = world.logInOften(3);
  await vi.advanceTimersByTimeAsync(1_000);
  Object.assign(world, { locked: false, accepted: 'two' });
  expect(outcomes(await results)).toEqual(Array(3).fill('CredentialsRefusedError'));
});

test('an account that was locked for two seconds costs time and no error', async () => {
  const world = new World();
  world.locked = true;
  const results = world.logInOften(10);
  await vi.advanceTimersByTimeAsync(2_000);
  world.locked = false;
  expect(outcomes(await results)).toEqual(Array(10).fill('one'));
});

test('a process that starts while the secret rotates waits a random time before its first log-in', async () => {
  const world = new World();
  world.pending('v2', 'two');
  const first = world.logIn();
  await vi.advanceTimersByTimeAsync(999);
  expect(world.tried).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await first).toBe('one');
});

test('an error that says nothing about the credentials is passed on as it is', async () => {
  const world = new World();
  const error = new Error('connect ECONNREFUSED');
  const use = () => Promise.reject(error);
  await expect(withCredentials(world.name, use, { cache: world.cache })).rejects.toBe(error);
  expect(outcomes(await world.logInOften(1))).toEqual(['one']);
});

test('a signal ends the wait', async () => {
  const world = new World();
  world.locked = true;
  const controller = new AbortController();
  const waiting = world.logIn({ signal: controller.signal }).catch((reason: unknown) => reason);
  await vi.advanceTimersByTimeAsync(1_000);
  controller.abort('enough');
  expect(await waiting).toBe('enough');
});

test('one signal ends many waits, and Node.js warns of no leak', async () => {
  const warnings = seenWarnings();
  const world = new World();
  world.locked = true;
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = Array.from({ length: 30 }, () =>
    world.logIn({ signal }).catch((reason: unknown) => reason),
  );
  await vi.advanceTimersByTimeAsync(1_000);
  controller.abort('enough');
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['enough']));
  expect(warnings).toEqual([]);
});

test.each([
  ['the first read', 0],
  ['the look whether the secret rotates', 1],
  ['the search for another credential', 2],
])('a signal ends the wait for %s', async (_what, answered) => {
  const world = new World();
  let left = answered;
  const read = ({ versionStage: stage = '' }) =>
    left-- > 0
      ? Promise.resolve(aResponse({ Name: world.name, ARN: arnOf(world.name), VersionStages: [stage] }))
      : new Promise<SecretResponse>(() => undefined);
  const cache = new SecretCache({ source: { read }, timeoutMs: 60_000 });
  onTestFinished(() => cache.close());
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = withCredentials(world.name, () => Promise.reject(REFUSED), { cache, signal }).catch(
    (reason: unknown) => reason,
  );
  await vi.advanceTimersByTimeAsync(3_000);
  controller.abort('enough');
  await vi.advanceTimersByTimeAsync(10);
  expect(await Promise.race([waiting, 'waits'])).toBe('enough');
});

test('a secret of plain text is the password', async () => {
  const world = new World();
  world.stages.set('AWSCURRENT', { VersionId: 'v1', SecretString: 'one' });
  world.stages.set('AWSPENDING', { VersionId: 'v2', SecretString: 'two' });
  world.accepted = 'two';
  expect(outcomes(await world.logInOften(1))).toEqual(['two']);
});

test('no error, event or credential shows a password', async () => {
  const world = new World();
  world.current('v1', 'canary-1');
  world.pending('v2', 'canary-2');
  const seen: unknown[] = [];
  const use = (found: Credentials) => {
    seen.push(found, { ...found });
    throw REFUSED;
  };
  const refused = withCredentials(world.name, use, { cache: world.cache }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(20_000);
  seen.push(await refused, world.events);
  expect(seen.length).toBeGreaterThan(4);
  const text = inspect(seen, { depth: Number.POSITIVE_INFINITY });
  expect(`${text}${JSON.stringify(seen)}`).not.toContain('canary');
});

test('who gives a listener hears, though somebody without one logged in first; one that throws fails nothing', async () => {
  const world = new World();
  await world.logInOften(1, { onEvent: undefined });
  world.pending('v2', 'two');
  world.accepted = 'two';
  const heard: string[] = [];
  const onEvent = ({ type }: ChainEvent) => {
    heard.push(type);
    throw new Error('the listener fails');
  };
  const [outcome] = await world.logInOften(1, { onEvent });
  expect([outcome?.status, heard]).toEqual(['fulfilled', ['pending-used']]);
});

test('who gives a listener that rejects is disturbed by nothing', async () => {
  const world = new World();
  world.pending('v2', 'two');
  world.accepted = 'two';
  const [outcome] = await world.logInOften(1, {
    onEvent: () => Promise.reject(new Error('the listener fails')),
  });
  expect(outcome?.status).toBe('fulfilled');
});

test('a field that is called toJSON breaks no printing', async () => {
  const world = new World();
  world.current('v1', 'canary-1', { toJSON: 'canary-2' });
  world.accepted = 'canary-1';
  const printed = withCredentials(
    world.name,
    (found) => `${inspect(found)}${JSON.stringify({ found })}`,
    world,
  );
  expect(await printed).not.toContain('canary');
});
