import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import mysql from 'mysql2';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { classifyMysql, classifyPostgres } from '../../../client/src/connect/refusal.ts';
import { aSimulator } from '../../support/simulated.ts';
import type { ProcessOrders, ProcessReport } from './process.ts';
import { aRotatingSecret, type RotatingSecret } from './rotating-secret.ts';
import { MARIADB, missing, POSTGRES } from './server.ts';
import { mariadb, postgres, type Target } from './target.ts';

const run = promisify(execFile);
const FOLDER = 'node_modules/.cache/client-process';
const PROGRAM = `${FOLDER}/process.mjs`;
/** Line without which packages in CommonJS fail within a module. */
const REQUIRING =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
const targets: { mysql?: Target; postgres?: Target } = {};

beforeAll(async () => {
  if (missing(MARIADB) === undefined) targets.mysql = await mariadb();
  if (missing(POSTGRES) === undefined) targets.postgres = await postgres();
  await targets.mysql?.run('set global max_password_errors = 5');
  await mkdir(FOLDER, { recursive: true });
  await build({
    entryPoints: ['test/client/database/process.ts'],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Packages too: each process reads one file in place of hundreds.
    minify: true,
    banner: { js: REQUIRING },
  });
});
afterAll(() => Promise.all([targets.mysql?.stop(), targets.postgres?.stop()]));

/** A secret between setSecret and finishSecret, served over HTTP. */
async function inTheGap(target: Target) {
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const secret = await aRotatingSecret(simulator, target);
  await secret.create();
  await secret.set();
  return { secret, endpoint };
}

async function startProcess(orders: ProcessOrders): Promise<ProcessReport> {
  const { stdout } = await run(process.execPath, [PROGRAM, JSON.stringify(orders)]);
  return JSON.parse(stdout) as ProcessReport;
}

const CROWDS = [
  { engine: 'mysql', processes: 1, connections: 50 },
  { engine: 'mysql', processes: 8, connections: 10 },
  { engine: 'postgres', processes: 1, connections: 50 },
  { engine: 'postgres', processes: 8, connections: 10 },
] as const;

test.for(CROWDS)(
  'started inside the gap, nothing is locked and nothing fails: $engine, $processes processes of $connections',
  async ({ engine, processes, connections }, context) => {
    const target = targets[engine];
    if (target === undefined) return context.skip(`no server for ${engine} is installed`);
    const { secret, endpoint } = await inTheGap(target);
    const before = await target.refusals();
    const orders = { engine, endpoint, secretId: secret.secretId, connections };
    const reports = await Promise.all(Array.from({ length: processes }, () => startProcess(orders)));
    expect(reports).toEqual(Array(processes).fill({ connected: connections, errors: [] }));
    expect((await target.refusals()) - before).toBeLessThanOrEqual(processes);
  },
);

/** Fifty log-ins at once with the password of AWSCURRENT. */
async function without(
  engine: 'mysql' | 'postgres',
  target: Target,
  secret: RotatingSecret,
  password: string,
): Promise<readonly unknown[]> {
  const place = { host: '127.0.0.1', port: target.port, user: secret.user, password };
  const logIn = async () => {
    if (engine === 'mysql') {
      const connection = mysql.createConnection(place);
      return connection
        .promise()
        .connect()
        .then(() => connection.destroy())
        .catch((error: unknown) => classifyMysql(error));
    }
    const client = new pg.Client({ ...place, database: 'app' });
    return client
      .connect()
      .then(() => client.end())
      .catch((error: unknown) => classifyPostgres(error));
  };
  return Promise.all(Array.from({ length: 50 }, logIn));
}

test('the same 50 log-ins without the gate lock the account', async (context) => {
  const target = targets.mysql;
  if (target === undefined) return context.skip('no server for mysql is installed');
  const { secret } = await inTheGap(target);
  await without('mysql', target, secret, secret.password());
  await secret.finish();
  expect(await without('mysql', target, secret, secret.password())).toContain('locked');
});

test('the same 50 log-ins without the gate are 50 refusals, where nothing locks', async (context) => {
  const target = targets.postgres;
  if (target === undefined) return context.skip('no server for postgres is installed');
  const { secret } = await inTheGap(target);
  const before = await target.refusals();
  await without('postgres', target, secret, secret.password());
  expect((await target.refusals()) - before).toBe(50);
});
