import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  classifyAny,
  classifyHttp,
  classifyMysql,
  classifyPostgres,
  classifyRedis,
} from '../../../client/src/connect/refusal.ts';
import { MARIADB, missing, POSTGRES, REDIS, REDIS_PASSWORD, startServer } from './server.ts';
import { mariadb, postgres, type Target } from './target.ts';

const PASSWORD = 'the-password';
const targets: { mysql?: Target; postgres?: Target } = {};

beforeAll(async () => {
  if (missing(MARIADB) === undefined) targets.mysql = await mariadb();
  if (missing(POSTGRES) === undefined) targets.postgres = await postgres();
  await targets.mysql?.run('set global max_password_errors = 2');
});
afterAll(() => Promise.all([targets.mysql?.stop(), targets.postgres?.stop()]));

let users = 0;

/** A user of its own for each test. */
async function aUser(target: Target): Promise<string> {
  const user = `app${++users}`;
  await target.createUser(user, PASSWORD);
  return user;
}

/** A log-in that fails. */
interface LogIn {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const RIGHT = { password: PASSWORD, database: 'app' };
const WRONG = { ...RIGHT, password: 'another' };

async function failureOf(logIn: () => Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await logIn();
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('The log-in did not fail');
}

const atMysql = (target: Target, logIn: LogIn) => () =>
  mysql.createConnection({ host: '127.0.0.1', port: target.port, ...logIn });

const atPostgres = (target: Target, logIn: LogIn) => async () => {
  const client = new pg.Client({ host: '127.0.0.1', port: target.port, ...logIn });
  await client.connect();
  await client.end();
};

type Prepare = (target: Target, user: string) => Promise<void>;

/** Refuses log-ins with the right password after two with a wrong one. */
const block: Prepare = async (target, user) => {
  for (let turn = 0; turn < 2; turn++) await failureOf(atMysql(target, { user, ...WRONG }));
};
const lock: Prepare = (target, user) => target.setLocked(user, true);
const nothing: Prepare = async () => undefined;

const IN_MYSQL = [
  ['a wrong password', nothing, WRONG, 1045, 'refused'],
  ['an unknown user', nothing, { ...RIGHT, user: 'nobody' }, 1045, 'refused'],
  ['a locked account', lock, RIGHT, 4151, 'locked'],
  ['too many wrong passwords', block, RIGHT, 4150, 'locked'],
  ['an unknown database', nothing, { ...RIGHT, database: 'none' }, 1044, 'other'],
] as const;

test.for(IN_MYSQL)(
  'MariaDB says of %s what it means',
  async ([, prepare, logIn, errno, meaning], context) => {
    const target = targets.mysql;
    if (target === undefined) return context.skip('no server for mysql is installed');
    const user = await aUser(target);
    await prepare(target, user);
    const error = await failureOf(atMysql(target, { user, ...logIn }));
    expect([error['errno'], classifyMysql(error), classifyAny(error)]).toEqual([errno, meaning, meaning]);
  },
);

// MySQL itself is no package of Debian; these are its numbers for the same.
test.each([
  ['ER_ACCESS_DENIED_ERROR', 1045, 'refused'],
  ['ER_ACCOUNT_HAS_BEEN_LOCKED', 3118, 'locked'],
  ['ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK', 3955, 'locked'],
  ['ER_CON_COUNT_ERROR', 1040, 'other'],
])('MySQL says %s by number, whatever mysql2 names it', (_code, errno, meaning) => {
  expect(classifyMysql(Object.assign(new Error('No.'), { errno, code: 'ER_SOMETHING_ELSE' }))).toBe(meaning);
});

const IN_POSTGRES = [
  ['a wrong password', nothing, WRONG, '28P01', 'refused'],
  ['an unknown role', nothing, { ...RIGHT, user: 'nobody' }, '28P01', 'refused'],
  ['a role without log-in', lock, RIGHT, '28000', 'locked'],
  ['an unknown database', nothing, { ...RIGHT, database: 'none' }, '3D000', 'other'],
] as const;

test.for(IN_POSTGRES)(
  'PostgreSQL says of %s what it means',
  async ([, prepare, logIn, code, meaning], context) => {
    const target = targets.postgres;
    if (target === undefined) return context.skip('no server for postgres is installed');
    const user = await aUser(target);
    await prepare(target, user);
    const error = await failureOf(atPostgres(target, { user, ...logIn }));
    expect([error['code'], classifyPostgres(error), classifyAny(error)]).toEqual([code, meaning, meaning]);
  },
);

test('PostgreSQL refuses a connection by pg_hba.conf with the same code, which says nothing of a password', async (context) => {
  const target = targets.postgres;
  if (target === undefined) return context.skip('no server for postgres is installed');
  const user = await aUser(target);
  const rules = join(target.folder, 'data', 'pg_hba.conf');
  await writeFile(rules, `host app ${user} 127.0.0.1/32 reject\n${await readFile(rules, 'utf8')}`);
  await target.run('select pg_reload_conf()');
  // The server takes the new rules a moment later.
  const untilRefused = async () => {
    for (;;) await atPostgres(target, { user, ...RIGHT })();
  };
  const error = await failureOf(untilRefused);
  expect([error['code'], classifyPostgres(error)]).toEqual(['28000', 'other']);
});

/** Sends one command of Redis's protocol; rejects with the error that comes back, as clients do. */
const redis = (port: number, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      const line = data.toString().trim();
      socket.destroy();
      if (line.startsWith('-')) reject(new Error(line.slice(1)));
      else resolve(line);
    });
  });

test('Redis says WRONGPASS of a wrong password alone', async (context) => {
  const reason = missing(REDIS);
  if (reason !== undefined) return context.skip(reason);
  const { port, stop } = await startServer(REDIS);
  onTestFinished(stop);
  expect(await redis(port, `AUTH ${REDIS_PASSWORD}`)).toBe('+OK');
  const wrong = await failureOf(() => redis(port, 'AUTH another'));
  expect([classifyRedis(wrong), classifyAny(wrong)]).toEqual(['refused', 'refused']);
  const none = await failureOf(() => redis(port, 'GET a'));
  expect([String(none['message']).slice(0, 6), classifyRedis(none)]).toEqual(['NOAUTH', 'other']);
});

test.each([
  [401, 'refused'],
  [403, 'other'],
  [429, 'other'],
  [500, 'other'],
] as const)('HTTP %i means %s', async (status, meaning) => {
  const server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Loopback gave no port');
  const response = await fetch(`http://127.0.0.1:${address.port}/`);
  expect([classifyHttp(response), classifyAny({ statusCode: response.status })]).toEqual([meaning, meaning]);
});
