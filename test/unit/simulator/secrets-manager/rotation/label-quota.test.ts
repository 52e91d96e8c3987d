import {
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../../src/calendar/instant.ts';
import { clientOf, openAccount, START } from '../../open-account.ts';

const SecretId = 'app/db';
const CURRENT_ID = 'current-'.padEnd(32, '0');
const LABELS = Array.from({ length: 18 }, (_, index) => `label-${index}`);

function open() {
  const account = openAccount();
  account.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  account.secretsManager.seed({
    name: SecretId,
    kind: 'function',
    function: 'rotate',
    schedule: 'cron(0 11 * * ? *)',
    duration: '1h',
    lastRotatedAt: later(START, -DAY),
    versions: [{ id: CURRENT_ID, stages: ['AWSCURRENT', 'AWSPREVIOUS', ...LABELS] }],
  });
  const events = () =>
    account
      .call('cloudtrail', 'LookupEvents', {}, 'tester')
      .then((answer) => (answer as { Events: { EventName: string }[] }).Events.map((each) => each.EventName));
  return {
    account,
    client: new SecretsManagerClient(clientOf(account)),
    events,
    last: () => account.secretsManager.history(SecretId).at(-1),
    failures: () => account.secretsManager.history(SecretId).flatMap(({ failure }) => failure ?? []),
  };
}

test('a window passes with a failed rotation when all twenty labels are taken, and nothing ends', async () => {
  const { account, events, failures, last } = open();
  await account.clock.advance(4 * HOUR);
  expect(failures()[0]).toMatch(/staging labels: 20 across all versions/);
  expect(await events()).toEqual(expect.arrayContaining(['RotationStarted', 'RotationFailed']));
  expect(Object.values(last()?.stages ?? {}).flat()).not.toContain('AWSPENDING');
  expect(last()?.nextRotationAt).toBe(later(START, 2 * HOUR - 1000));
});

test('a rotation that is asked for fails likewise, and so does a test', async () => {
  const { account, client, events, failures } = open();
  await client.send(new RotateSecretCommand({ SecretId, RotateImmediately: false }));
  await account.clock.advance(HOUR / 2);
  expect(failures()).toHaveLength(1);
  await client.send(new RotateSecretCommand({ SecretId }));
  await account.clock.advance(HOUR / 4);
  expect(failures().length).toBeGreaterThan(1);
  expect(await events()).toEqual(expect.arrayContaining(['TestRotationFailed', 'RotationFailed']));
});

test('once a label is taken off the secret rotates again', async () => {
  const { account, client, last } = open();
  await account.clock.advance(4 * HOUR);
  for (const VersionStage of LABELS.slice(0, 2)) {
    const RemoveFromVersionId = CURRENT_ID;
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId }));
  }
  await account.clock.advance(DAY);
  expect(last()?.lastRotatedAt).toBeGreaterThan(later(START, 4 * HOUR));
});
