import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { aSimulator, sdk } from '../support/simulated.ts';
import { aRotatingSecret } from './database/rotating-secret.ts';
import { MARIADB, missing, POSTGRES } from './database/server.ts';
import { mariadb, postgres, type Target } from './database/target.ts';

const run = promisify(execFile);
const FOLDER = 'node_modules/.cache/client-readme';
const README = await readFile('client/README.md', 'utf8');

/** Heading, program and what it prints. */
const EXAMPLES = [...README.matchAll(/### ([^\n]+)\n\n```ts\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, heading = '', program = '', output = '']) => ({ heading, program, output }),
);

/** Definitions that the examples presuppose. */
const PRELUDE = `
async function rotate(SecretId) {
  const { PutSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  await new SecretsManagerClient({}).send(new PutSecretValueCommand({ SecretId, SecretString: '{}' }));
}
async function rotationTopic() {
  const { CreateTopicCommand, SNSClient } = await import('@aws-sdk/client-sns');
  return (await new SNSClient({}).send(new CreateTopicCommand({ Name: 'rotations' }))).TopicArn;
}
async function tellRotation(SecretId) {
  await rotate(SecretId);
  const { DescribeSecretCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const { ARN, Name, VersionIdsToStages } = await new SecretsManagerClient({}).send(new DescribeSecretCommand({ SecretId }));
  const [versionId] = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT'));
  const detail = { secretArn: ARN, secretName: Name, versionId, changedAt: new Date().toISOString(), sequence: 1 };
  const event = { source: 'secret-rotation-monitor', 'detail-type': 'Secret Version Current', detail };
  const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
  await new SNSClient({}).send(new PublishCommand({ TopicArn: await rotationTopic(), Message: JSON.stringify(event) }));
}
async function logInAs(username, password) {
  if (password !== 'pending') throw Object.assign(new Error('refused'), { status: 401 });
  return 'logged in as ' + username;
}
async function aTestDatabase(SecretId) {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const { default: mysql } = await import('mysql2/promise');
  const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId }));
  const { port } = JSON.parse(SecretString);
  const secret = { engine: 'mysql', host: '127.0.0.1', port, username: 'rehearsed', password: 'first-password' };
  const logIn = (user, password) => mysql.createConnection({ host: '127.0.0.1', port, user, password });
  const reset = async () => {
    const admin = await logIn('root', '');
    await admin.query("drop user if exists 'rehearsed'@'%'");
    await admin.query("create user 'rehearsed'@'%' identified by 'first-password'");
    await admin.end();
  };
  const accepts = ({ username, password }) =>
    logIn(username, password).then((one) => one.end()).then(() => true, () => false);
  return { secret, database: { reset, accepts } };
}
`;

const targets: { mysql?: Target; postgres?: Target } = {};
beforeAll(async () => {
  if (missing(MARIADB) === undefined) targets.mysql = await mariadb();
  if (missing(POSTGRES) === undefined) targets.postgres = await postgres();
  await mkdir(FOLDER, { recursive: true });
});
afterAll(() => Promise.all([targets.mysql?.stop(), targets.postgres?.stop()]));

/** An account with the secrets of the examples. */
async function anAccount(): Promise<string> {
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const client = new SecretsManagerClient(sdk(simulator));
  const api = (password: string) => JSON.stringify({ username: 'shop', password });
  for (const Name of ['payment/api', 'closed/api'])
    await client.send(new CreateSecretCommand({ Name, SecretString: api('current') }));
  await client.send(
    new PutSecretValueCommand({
      SecretId: 'payment/api',
      SecretString: api('pending'),
      VersionStages: ['AWSPENDING'],
    }),
  );
  if (targets.mysql) await aRotatingSecret(simulator, targets.mysql, 'orders/db');
  if (targets.postgres) await aRotatingSecret(simulator, targets.postgres, 'reports/db');
  return endpoint;
}

test('every example has a heading, a program and what it prints', () => {
  expect(EXAMPLES.length).toBe(README.split('```ts\n').length - 1);
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(10);
});

for (const [index, { heading, program, output }] of EXAMPLES.entries())
  test(`the example "${heading}" prints what the page says`, async (context) => {
    const needed = [
      /'orders\/db'|prefix: 'orders/.test(program) ? missing(MARIADB) : undefined,
      /'reports\/db'/.test(program) ? missing(POSTGRES) : undefined,
    ].find((reason) => reason !== undefined);
    if (needed !== undefined) return context.skip(needed);
    const outfile = `${FOLDER}/${index}.mjs`;
    await build({
      stdin: { contents: program + PRELUDE, loader: 'ts', resolveDir: '.' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['@aws-sdk/*', 'mysql2', 'mysql2/*', 'pg'],
      alias: {
        'secret-rotation-client': './client/src/index.ts',
        'secret-rotation-client/agent': './client/src/agent.ts',
        'secret-rotation-client/agent-server': './client/src/agent-server.ts',
        'secret-rotation-client/invalidation': './client/src/invalidation.ts',
        'secret-rotation-client/mysql2': './client/src/mysql2.ts',
        'secret-rotation-client/pg': './client/src/pg.ts',
        'secret-rotation-client/rotation/mysql': './client/src/rotation/mysql.ts',
        'secret-rotation-client/rotation': './client/src/rotation.ts',
        'secret-rotation-client/testing': './client/src/testing.ts',
      },
    });
    const env = { ...process.env, AWS_ENDPOINT_URL: await anAccount(), APP_ENV: '' };
    const { stdout } = await run(process.execPath, [outfile], { env });
    expect(stdout).toBe(output);
  });
