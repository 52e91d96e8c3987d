import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import mysql from 'mysql2';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { classifyMysql } from '../../../client/src/connect/refusal.ts';
import { aSimulator } from '../../support/simulated.ts';
import type { ProcessOrders, ProcessReport } from './process.ts';
import { aRotatingSecret } from './rotating-secret.ts';
import { MARIADB, missing } from './server.ts';
import { mariadb, type Target } from './target.ts';

const run = promisify(execFile);
const reason = missing(MARIADB);
const FOLDER = 'node_modules/.cache/client-process';
const PROGRAM = `${FOLDER}/process.mjs`;
let target: Target;

beforeAll(async () => {
  if (reason !== undefined) return;
  target = await mariadb();
  await target.run('set global max_password_errors = 5');
  await mkdir(FOLDER, { recursive: true });
  await build({
    entryPoints: ['test/client/database/process.ts'],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
});
afterAll(() => target?.stop());
beforeEach((context) => {
  if (reason !== undefined) context.skip(reason);
});

/** A secret between setSecret and finishSecret, served over HTTP. */
async function inTheGap() {
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

test.each([
  ['one process of 50 connections', 1, 50],
  ['eight processes of 10', 8, 10],
])(
  '%s, started inside the gap: nothing is locked and nothing fails',
  async (_name, processes, connections) => {
    const { secret, endpoint } = await inTheGap();
    const before = await target.refusals();
    const reports = await Promise.all(
      Array.from({ length: processes }, () =>
        startProcess({ endpoint, secretId: secret.secretId, connections }),
      ),
    );
    expect(reports).toEqual(Array(processes).fill({ connected: connections, errors: [] }));
    expect((await target.refusals()) - before).toBeLessThanOrEqual(processes);
  },
);

test('the same 50 log-ins without the gate lock the account', async () => {
  const { secret } = await inTheGap();
  const place = { host: '127.0.0.1', port: target.port, user: secret.user };
  const logIn = async (password: string) => {
    const connection = mysql.createConnection({ ...place, password });
    return connection
      .promise()
      .connect()
      .then(() => connection.destroy())
      .catch((error: unknown) => classifyMysql(error));
  };
  const old = secret.password();
  await Promise.all(Array.from({ length: 50 }, () => logIn(old)));
  await secret.finish();
  expect(await logIn(secret.password())).toBe('locked');
});
