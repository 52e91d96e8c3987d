import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { clientOf, openAccount, START } from '../open-account.ts';

const ID = '11110000-0000-4000-8000-000000000001';
const ARN = `arn:aws:kms:eu-west-1:111122223333:key/${ID}`;

function open() {
  const account = openAccount();
  account.secretsManager.seed({ name: 'app/db', kind: 'none', kmsKeyId: ARN });
  return { account, kms: new KMSClient(clientOf(account)) };
}

const stateOf = async (kms: KMSClient, KeyId = ID) =>
  (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

test.each([ID, ARN])('a key that a secret names is found as %s', async (KeyId) => {
  const { KeyMetadata } = await open().kms.send(new DescribeKeyCommand({ KeyId }));
  expect(KeyMetadata).toMatchObject({
    KeyId: ID,
    Arn: ARN,
    Enabled: true,
    KeyState: 'Enabled',
    KeyManager: 'CUSTOMER',
    CreationDate: new Date(START),
  });
});

test("the account's own key is AWS's", async () => {
  const KeyId = 'alias/aws/secretsmanager';
  const { KeyMetadata } = await open().kms.send(new DescribeKeyCommand({ KeyId }));
  expect(KeyMetadata?.KeyManager).toBe('AWS');
});

test('no other key exists', async () => {
  const KeyId = '99990000-0000-4000-8000-000000000009';
  await expect(open().kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: `Key 'arn:aws:kms:eu-west-1:111122223333:key/${KeyId}' does not exist`,
  });
});

test('a key is switched off and on, and its deletion is scheduled and taken back', async () => {
  const { kms } = open();
  await kms.send(new DisableKeyCommand({ KeyId: ID }));
  expect(await stateOf(kms)).toBe('Disabled');
  await kms.send(new EnableKeyCommand({ KeyId: ID }));
  expect(await stateOf(kms)).toBe('Enabled');
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: ID, PendingWindowInDays: 7 }));
  expect(await stateOf(kms)).toBe('PendingDeletion');
  await expect(kms.send(new EnableKeyCommand({ KeyId: ID }))).rejects.toMatchObject({
    name: 'KMSInvalidStateException',
  });
  await kms.send(new CancelKeyDeletionCommand({ KeyId: ID }));
  expect(await stateOf(kms)).toBe('Disabled');
});

test('a role is kept from a key by its policy, everybody by its state', async () => {
  const { account, kms } = open();
  expect(account.kms.obstacle(ARN, 'rotate')).toBeUndefined();
  account.kms.permit(ARN, 'rotate', false);
  expect(account.kms.obstacle(ARN, 'rotate')).toBe('denied');
  expect(account.kms.obstacle(ARN, 'application')).toBeUndefined();
  account.kms.permit(ARN, 'rotate', true);
  expect(account.kms.obstacle(ARN, 'rotate')).toBeUndefined();
  await kms.send(new DisableKeyCommand({ KeyId: ID }));
  expect(account.kms.obstacle(ARN, 'application')).toBe('unusable');
});
