import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
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
async function simulating(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ running: CliRun; endpoint: string }> {
  const running = startCli(['simulate', '--port', '0', ...args], environment);
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
  const startedAt = Math.floor(Date.now() / 1000) * 1000;
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
  expect(secret.CreatedDate?.getTime()).toBeGreaterThanOrEqual(startedAt);
  expect(secret.CreatedDate?.getTime()).toBeLessThanOrEqual(Date.now());
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'simulate ends cleanly on %s, also with clients connected',
  async (signal) => {
    const { running, endpoint } = await simulating();
    await clientOf(endpoint).send(new ListSecretsCommand({}));
    running.kill(signal);
    expect(await running.done).toMatchObject({ code: 0, stderr: 'Stopped.\n' });
  },
);

/**
 * A function that fails at setSecret; it is repaired after eleven hours, and an operator of the story would act then.
 */
const STUCK = {
  ...SCENARIO,
  days: 2,
  functions: [{ name: 'rotate-orders', behaviour: 'error', step: 'setSecret' }],
  secrets: [
    { name: 'prod/orders/db', kind: 'function', function: 'rotate-orders', schedule: 'rate(4 hours)' },
    { name: 'prod/static', kind: 'none' },
  ],
  timeline: [
    { at: 'PT11H', do: 'SetFunctionBehaviour', secret: 'prod/orders/db', with: { behaviour: 'healthy' } },
    { at: 'PT11H30M', do: 'advice', secret: 'prod/orders/db' },
  ],
};

/** The words of the options of an e-mail's commands for an operation, in the order of its steps. */
const commandsIn = (mail: string, operation: string): readonly Readonly<Record<string, string>>[] =>
  mail
    .split('\n')
    .filter((each) => each.startsWith(`   aws secretsmanager ${operation} `))
    .map((line) =>
      Object.fromEntries(
        [...line.matchAll(/--([\w-]+) (\S+)/g)].map(([, name = '', word = '']) => [name, word]),
      ),
    );

test('simulate --scenario has played it until now, with the monitor; what its e-mails say to type ends the alert', async () => {
  const inbox = mkdtempSync(join(tmpdir(), 'inbox-'));
  const start = new Date(Date.now() - (3 * 24 + 12) * 3_600_000 - 60_000).toISOString();
  const path = scenarioFile(JSON.stringify({ ...STUCK, start }));
  const args = ['--scenario', path, '--until', 'PT12H', '--inbox', inbox];
  const { running, endpoint } = await simulating(args, { ROTATION_MONITOR_GROUP_WAIT: '1s' });
  await running.seen(/Rotation functions: rotate-orders\nSecrets: prod\/orders\/db, prod\/static\n/);
  const mails = () => readdirSync(inbox).map((name) => readFileSync(join(inbox, name), 'utf8'));
  const stuck = mails().find((mail) => mail.includes('Subject: [HIGH] prod/orders/db: stuck-pending')) ?? '';
  const toldAt = Date.parse(/^Date: (.+)$/m.exec(stuck)?.[1] ?? '');
  const hours = (Date.now() - toldAt) / 3_600_000;
  expect(hours).toBeGreaterThan(2);
  expect(hours).toBeLessThan(8);

  const client = clientOf(endpoint);
  const [rescue = {}, removal = {}] = commandsIn(stuck, 'update-secret-version-stage');
  const SecretId = removal['secret-id'];
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  expect(VersionIdsToStages[removal['remove-from-version-id'] ?? '']).toEqual(['AWSPENDING']);
  for (const step of [rescue, removal]) {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: step['version-stage'],
        MoveToVersionId: step['move-to-version-id'],
        RemoveFromVersionId: step['remove-from-version-id'],
      }),
    );
  }
  const [again = {}] = commandsIn(stuck, 'rotate-secret');
  await client.send(new RotateSecretCommand({ SecretId: again['secret-id'] }));
  await running.seen(/\[RESOLVED\] prod\/orders\/db: stuck-pending/);
  expect(mails().at(-1)).toContain('Subject: [RESOLVED] prod/orders/db: stuck-pending');
});

test('simulate --scenario default plays the story of the drill', async () => {
  const { running } = await simulating(['--scenario', 'default', '--until', 'PT6H']);
  await running.seen(/Secrets: orders\/db, billing\/db,/);
});

test('simulate reports all faults of a scenario together and ends with 2', async () => {
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
