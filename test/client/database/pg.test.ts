import { inspect } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { classifyPostgres } from '../../../client/src/connect/refusal.ts';
import { rotatingPool } from '../../../client/src/pg.ts';
import { aSimulator } from '../../support/simulated.ts';
import { expectUnharmed, playRotations } from './five-rotations.ts';
import { fromPg } from './load.ts';
import { aRotatingSecret } from './rotating-secret.ts';
import { missing, POSTGRES } from './server.ts';
import { postgres, type Target } from './target.ts';

const reason = missing(POSTGRES);
let target: Target;

beforeAll(async () => {
  if (reason === undefined) target = await postgres();
});
afterAll(() => target?.stop());
beforeEach((context) => {
  if (reason !== undefined) context.skip(reason);
});

test('a pool under load lives through every rotation without an error', async () => {
  const played = await playRotations(
    aSimulator(),
    target,
    ({ secretId, cache }) => {
      const pool = rotatingPool(secretId, { max: 10, credentials: { cache: cache() } });
      return { acquire: fromPg(pool), end: () => pool.end() };
    },
    3_000,
  );
  expectUnharmed(played);
});

test('the pool is one of the driver, and prints no password', async () => {
  const secret = await aRotatingSecret(aSimulator(), target);
  const pool = rotatingPool(secret.secretId, { max: 2, credentials: { cache: secret.cache() } });
  onTestFinished(() => pool.end());
  expect(pool).toBeInstanceOf(pg.Pool);
  const client = await pool.connect();
  expect(client).toBeInstanceOf(pg.Client);
  expect((await client.query('select current_user as user, current_database() as db')).rows).toEqual([
    { user: secret.user, db: 'app' },
  ]);
  const text = inspect([pool, client], { depth: Number.POSITIVE_INFINITY });
  expect(text.length).toBeGreaterThan(1_000);
  expect(text).not.toContain(secret.password());
  client.release();
});

test('a client that was refused first is as good as one that was not', async () => {
  const secret = await aRotatingSecret(aSimulator(), target);
  const pool = rotatingPool(secret.secretId, { max: 1, credentials: { cache: secret.cache() } });
  onTestFinished(() => pool.end());
  await pool.query('select 1');
  await secret.create();
  await secret.set();
  const before = await pool.connect();
  before.release(true);
  const client = await pool.connect();
  const heard: string[] = [];
  client.on('notification', ({ payload }) => heard.push(String(payload)));
  client.on('end', () => heard.push('end'));
  await client.query('listen news');
  await client.query("notify news, 'hello'");
  await client.query('begin');
  await expect(client.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
  await client.query('rollback');
  expect(heard).toEqual(['hello']);
  client.release(true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(heard).toEqual(['hello', 'end']);
});

test('who waits for a log-in when the pool ends is told at once', async () => {
  const secret = await aRotatingSecret(aSimulator(), target);
  const pool = rotatingPool(secret.secretId, { max: 1, credentials: { cache: secret.cache() } });
  await target.setLocked(secret.user, true);
  onTestFinished(() => target.setLocked(secret.user, false));
  const waiting = pool.connect().catch((error: Error) => error.message);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const late = new Promise((resolve) => setTimeout(resolve, 2_000, 'waits for the lock'));
  expect(await Promise.race([pool.end().then(() => 'ended'), late])).toBe('ended');
  expect(await waiting).toBe('Cannot log in as the pool has ended');
});

test('every refusal of the real server is known by its code', async () => {
  const secret = await aRotatingSecret(aSimulator(), target);
  const logIn = async (options: pg.ClientConfig) => {
    const place = { host: '127.0.0.1', port: target.port, database: 'app', user: secret.user };
    const client = new pg.Client({ ...place, ...options });
    try {
      await client.connect();
      await client.end();
      return 'accepted';
    } catch (error) {
      return classifyPostgres(error);
    }
  };
  expect(await logIn({ password: secret.password() })).toBe('accepted');
  expect(await logIn({ password: 'wrong' })).toBe('refused');
  expect(await logIn({ password: secret.password(), database: 'none' })).toBe('other');
  // What pg_hba.conf does not let in has the same code as a locked role.
  expect(await logIn({ password: secret.password(), replication: 'database' } as pg.ClientConfig)).toBe(
    'other',
  );
  await target.setLocked(secret.user, true);
  expect(await logIn({ password: secret.password() })).toBe('locked');
});
