import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { type CliRun, runCli, startCli } from '../support/cli.ts';

const SCENARIO = {
  name: 'two secrets',
  start: '2026-11-01T00:00:00Z',
  days: 40,
  seed: 7,
  functions: [{ name: 'rotate-orders', behaviour: 'healthy' }],
  secrets: [
    { name: 'prod/orders/db', kind: 'function', function: 'rotate-orders', schedule: 'rate(30 days)' },
    { name: 'prod/static', kind: 'none' },
  ],
};

/** Starts a simulator; it is killed when the test ends. */
async function simulating(...args: readonly string[]): Promise<{ running: CliRun; endpoint: string }> {
  const running = startCli(['simulate', '--port', '0', ...args]);
  onTestFinished(() => running.kill('SIGKILL'));
  const endpoint = await running.seen(/http:\/\/127\.0\.0\.1:\d+/);
  return { running, endpoint };
}

const clientOf = (endpoint: string): SecretsManagerClient =>
  new SecretsManagerClient({ endpoint, region: 'eu-west-1', maxAttempts: 1 });

function scenarioFile(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'scenario-')), 'scenario.json');
  writeFileSync(path, content);
  return path;
}

test('simulate serves SDK clients in real time, with functions to rotate by', async () => {
  const { running, endpoint } = await simulating();
  await running.seen(/export AWS_ENDPOINT_URL=.*list-secrets/s);
  const client = clientOf(endpoint);
  const { ARN } = await client.send(new CreateSecretCommand({ Name: 'demo', SecretString: 'v' }));
  await client.send(
    new RotateSecretCommand({
      SecretId: 'demo',
      RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:fail-at-set-secret',
      RotationRules: { AutomaticallyAfterDays: 30 },
    }),
  );
  const secret = await client.send(new DescribeSecretCommand({ SecretId: 'demo' }));
  expect(secret).toMatchObject({ ARN, RotationEnabled: true });
  expect(Object.values(secret.VersionIdsToStages ?? {})).toContainEqual(['AWSPENDING']);
  expect(Math.abs(Date.now() - (secret.CreatedDate?.getTime() ?? 0))).toBeLessThan(60_000);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'simulate ends cleanly on %s, also with clients connected',
  async (signal) => {
    const { running, endpoint } = await simulating();
    await clientOf(endpoint).send(new ListSecretsCommand({}));
    running.kill(signal);
    expect(await running.done).toMatchObject({ code: 0, stderr: 'Stopped.\n' });
  },
);

test('simulate --scenario begins with its functions and secrets', async () => {
  const { running, endpoint } = await simulating('--scenario', scenarioFile(JSON.stringify(SCENARIO)));
  await running.seen(/Rotation functions: rotate-orders\nSecrets: prod\/orders\/db, prod\/static\n/);
  const byName = new ListSecretsCommand({ SortBy: 'name', SortOrder: 'asc' });
  const { SecretList = [] } = await clientOf(endpoint).send(byName);
  expect(SecretList.map(({ Name, RotationEnabled }) => [Name, RotationEnabled])).toEqual([
    ['prod/orders/db', true],
    ['prod/static', undefined],
  ]);
});

test('simulate tells all faults of a scenario at once and ends with 2', async () => {
  const path = scenarioFile(JSON.stringify({ ...SCENARIO, days: -1, seed: 'x' }));
  const { code, stderr } = await runCli(['simulate', '--port', '0', '--scenario', path]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Error: Cannot use the scenario\n {2}days: expected .*\n {2}seed: expected /);
});

test('simulate on a port that is taken ends with 2 and says so', async () => {
  const { endpoint } = await simulating();
  const { code, stdout, stderr } = await runCli(['simulate', '--port', new URL(endpoint).port]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/Cannot listen on the port.*EADDRINUSE.*rotation-monitor simulate --port 0/s);
});
