import { inspect } from 'node:util';
import mysql from 'mysql2';
import lowest from 'mysql2-lowest';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import { classifyMysql } from '../../../client/src/connect/refusal.ts';
import { type RotatingMysqlOptions, rotatingPool } from '../../../client/src/mysql2.ts';
import { aSimulator } from '../../support/simulated.ts';
import { expectUnharmed, playRotations } from './five-rotations.ts';
import { fromMysql, underLoad } from './load.ts';
import { aRotatingSecret } from './rotating-secret.ts';
import { MARIADB, missing } from './server.ts';
import { mariadb, type Target } from './target.ts';

const reason = missing(MARIADB);
let target: Target;

beforeAll(async () => {
  if (reason === undefined) target = await mariadb();
});
afterAll(() => target?.stop());
beforeEach((context) => {
  if (reason !== undefined) context.skip(reason);
});

/** A version of mysql2 that keeps its connections where nobody can look: only its public interface works. */
const unknown = {
  createPool: (options: mysql.PoolOptions) =>
    new Proxy(mysql.createPool(options), {
      get: (pool, key) => {
        if (key === '_freeConnections') return undefined;
        const value: unknown = Reflect.get(pool, key);
        return typeof value === 'function' && key !== 'constructor' ? value.bind(pool) : value;
      },
    }),
} as unknown as typeof mysql;

const DRIVERS = { 'the highest version': mysql, 'the lowest version': lowest as unknown as typeof mysql };

function aPool(secretId: string, cache: SecretCache, options: Partial<RotatingMysqlOptions> = {}) {
  const pool = rotatingPool(secretId, { connectionLimit: 10, credentials: { cache }, ...options });
  const end = () => pool.promise().end();
  return { pool, end };
}

test('a pool under load lives through every rotation without an error, on the lowest and the highest version and by public means', async () => {
  const play = async (driver: typeof mysql) => {
    // A server of its own, as the server's count of refused log-ins is one for all users.
    const own = await mariadb();
    const played = await playRotations(
      aSimulator(),
      own,
      ({ secretId, cache }) => {
        const { pool, end } = aPool(secretId, cache(), { driver });
        return { acquire: fromMysql(pool), end };
      },
      3_000,
    );
    await own.stop();
    return played;
  };
  const drivers = [...Object.values(DRIVERS), unknown];
  for (const played of await Promise.all(drivers.map(play))) expectUnharmed(played);
});

test.each(Object.entries(DRIVERS))(
  'the pool is one of the driver, and prints no password: %s',
  async (_version, driver) => {
    const secret = await aRotatingSecret(aSimulator(), target);
    const { pool, end } = aPool(secret.secretId, secret.cache(), { driver });
    onTestFinished(end);
    expect(pool.constructor).toBe(driver.createPool({}).constructor);
    const connection = await pool.promise().getConnection();
    const [rows] = await connection.query('select current_user() as user, database() as db');
    expect(rows).toMatchObject([{ user: `${secret.user}@%`, db: 'app' }]);
    const refused = await driver
      .createConnection({ host: '127.0.0.1', port: target.port, user: secret.user, password: 'wrong' })
      .promise()
      .connect()
      .catch((error: unknown) => error);
    expect(classifyMysql(refused)).toBe('refused');
    const text = inspect([pool, pool.promise(), connection], { depth: Number.POSITIVE_INFINITY });
    expect(text.length).toBeGreaterThan(1_000);
    expect(text).not.toContain(secret.password());
    connection.release();
    expect(await pool.promise().query('select 1 as one')).toMatchObject([[{ one: 1 }], expect.anything()]);
  },
);

test('by public means, the pool of an old password ends when its last connection is given back', async () => {
  const secret = await aRotatingSecret(aSimulator(), target);
  const made: mysql.Pool[] = [];
  const driver = {
    createPool: (options: mysql.PoolOptions) => {
      const pool = unknown.createPool(options);
      made.push(pool);
      return pool;
    },
  } as typeof mysql;
  const { pool, end } = aPool(secret.secretId, secret.cache(), { driver, connectionLimit: 2 });
  const isClosed = () => made.map((one) => (one as unknown as { _closed: boolean })._closed);
  const [before, spare] = [await pool.promise().getConnection(), await pool.promise().getConnection()];
  spare.destroy();
  await secret.create();
  await secret.set();
  const after = await pool.promise().getConnection();
  expect(isClosed()).toEqual([false, false, false]);
  expect(await before.query('select 1 as one')).toMatchObject([[{ one: 1 }], expect.anything()]);
  // Both are given out: who asks now waits until one is back.
  const third = pool.promise().getConnection();
  before.release();
  const taken = await third;
  expect(isClosed()).toEqual([false, true, false]);
  const text = inspect([pool, pool.promise(), taken], { depth: Number.POSITIVE_INFINITY });
  expect(text).not.toContain(secret.password());
  for (const connection of [after, taken]) connection.release();
  expect(await pool.promise().query('select 2 as two')).toMatchObject([[{ two: 2 }], expect.anything()]);
  await end();
  expect(isClosed()).toEqual([true, true, true]);
  await expect(pool.promise().getConnection()).rejects.toThrow('Pool is closed.');
});

test('the same load on a Map of values loses requests in a gap, so that the gap proves something', async () => {
  const secret = await aRotatingSecret(aSimulator(), target);
  const cache = secret.cache();
  const value = (await cache.get(secret.secretId)).json() as {
    port: number;
    username: string;
    password: string;
  };
  const { port, username: user, password } = value;
  const acquire = async () => {
    const connection = mysql.createConnection({ host: '127.0.0.1', port, user, password }).promise();
    await connection.connect();
    return { query: () => connection.query('select 1'), drop: () => connection.destroy() };
  };
  let over = false;
  const { load, done } = underLoad(acquire, () => over);
  await secret.create();
  await secret.set();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await secret.finish();
  over = true;
  await done;
  expect(load.errors.length).toBeGreaterThan(0);
  expect(new Set(load.errors.map(classifyMysql))).toEqual(new Set(['refused']));
});

test('who waits for a log-in takes a connection that is given back meanwhile', async () => {
  const secret = await aRotatingSecret(aSimulator(), target);
  const { pool, end } = aPool(secret.secretId, secret.cache());
  onTestFinished(end);
  const first = await pool.promise().getConnection();
  await target.setLocked(secret.user, true);
  const second = pool.promise().getConnection();
  await new Promise((resolve) => setTimeout(resolve, 200));
  first.release();
  const taken = await second;
  expect(await taken.query('select 1')).toBeDefined();
  taken.release();
});

test.each(Object.entries({ ...DRIVERS, 'public means': unknown }))(
  'who waits for a log-in when the pool ends is told at once: %s',
  async (_version, driver) => {
    const secret = await aRotatingSecret(aSimulator(), target);
    const { pool, end } = aPool(secret.secretId, secret.cache(), { driver });
    await target.setLocked(secret.user, true);
    onTestFinished(() => target.setLocked(secret.user, false));
    const waiting = pool
      .promise()
      .getConnection()
      .catch((error: Error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await end();
    const late = new Promise((resolve) => setTimeout(resolve, 2_000, 'waits for the lock'));
    expect(await Promise.race([waiting, late])).toBe('Pool is closed.');
  },
);

test('every refusal of the real server is known by its number', async () => {
  const secret = await aRotatingSecret(aSimulator(), target);
  const logIn = async (password: string) => {
    const options = { host: '127.0.0.1', port: target.port, user: secret.user, password };
    try {
      (await mysql.createConnection(options).promise().connect()) as unknown;
      return 'accepted';
    } catch (error) {
      return classifyMysql(error);
    }
  };
  expect(await logIn('wrong')).toBe('refused');
  await target.setLocked(secret.user, true);
  expect(await logIn(secret.password())).toBe('locked');
  await target.setLocked(secret.user, false);
  await target.run('set global max_password_errors = 2');
  onTestFinished(() => target.run('set global max_password_errors = default'));
  for (let attempt = 0; attempt < 3; attempt++) await logIn('wrong');
  expect(await logIn(secret.password())).toBe('locked');
  const nobody = { host: '127.0.0.1', port: 1, user: 'x', password: 'x' };
  const refusedSocket = await mysql
    .createConnection(nobody)
    .promise()
    .connect()
    .catch((error: unknown) => error);
  expect(classifyMysql(refusedSocket)).toBe('other');
});
