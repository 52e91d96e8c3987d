import { ModifyDBInstanceCommand, RDSClient, StartDBInstanceCommand } from '@aws-sdk/client-rds';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  FAILURE_CAUSES,
  type FailureCause,
  type NewRotationFunction,
} from '../../../../../src/simulator/secrets-manager/rotation/rotation-function.ts';
import type { StageChange } from '../../../../../src/simulator/secrets-manager/store/secret-history.ts';
import { clientOf, openAccount } from '../../open-account.ts';

const SecretId = 'app/db';
const ClientRequestToken = '0a0a0a0a-0000-4000-8000-000000000001';
const value = (password: string) => JSON.stringify({ username: 'app', password });

function open(rotator: Omit<NewRotationFunction, 'name'>) {
  const account = openAccount();
  const { secretsManager } = account;
  secretsManager.functions.register({ name: 'rotate', ...rotator });
  secretsManager.seed({
    name: SecretId,
    kind: 'function',
    function: 'rotate',
    schedule: 30,
    versions: [
      { id: 'current-'.padEnd(32, '0'), stages: ['AWSCURRENT'], value: value('now') },
      { stages: ['AWSPREVIOUS'], value: value('before') },
    ],
  });
  account.rds.place({ identifier: 'orders', masterUsername: 'app', secrets: [SecretId] });
  const secrets = new SecretsManagerClient(clientOf(account));
  const last = (): StageChange => secretsManager.history(SecretId).at(-1) ?? expect.fail('no history');
  return {
    account,
    secrets,
    rds: new RDSClient(clientOf(account)),
    rotate: () => secrets.send(new RotateSecretCommand({ SecretId, ClientRequestToken })),
    repair: () => secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' }),
    failed: () => secretsManager.history(SecretId).flatMap(({ failedStep }) => failedStep ?? []),
    /** Whether the target accepts the versions with these labels. */
    accepts: (label: string) => {
      const [id] = Object.entries(last().stages).find(([, labels]) => labels.includes(label)) ?? [];
      return id !== undefined && (last().databaseAccepts ?? []).includes(id);
    },
    isRotated: () => last().stages[ClientRequestToken]?.includes('AWSCURRENT') ?? false,
    reached: () => last().stepReached,
  };
}

type Steps = readonly [first: string, retries: string];

/** Cause, step where it arises, the steps that fail, what the target accepts in the end. */
const SEQUENCES: readonly (readonly [FailureCause, NewRotationFunction['step'], Steps, readonly string[]])[] =
  [
    ['login-refused', undefined, ['testSecret', 'setSecret'], []],
    ['account-locked', undefined, ['setSecret', 'setSecret'], ['AWSCURRENT']],
    ['account-locked', 'testSecret', ['testSecret', 'setSecret'], ['AWSPENDING']],
    ['password-changed', undefined, ['setSecret', 'setSecret'], []],
    ['password-changed', 'testSecret', ['testSecret', 'setSecret'], []],
    ['database-away', undefined, ['setSecret', 'setSecret'], ['AWSCURRENT']],
    ['database-away', 'testSecret', ['testSecret', 'setSecret'], ['AWSPENDING']],
    ['database-stopped', undefined, ['setSecret', 'setSecret'], ['AWSCURRENT']],
    ['key-denied', undefined, ['createSecret', 'createSecret'], ['AWSCURRENT']],
    ['key-denied', 'testSecret', ['testSecret', 'createSecret'], ['AWSPENDING']],
    ['value-lacks-key', undefined, ['createSecret', 'createSecret'], ['AWSCURRENT']],
    ['code-broken', 'createSecret', ['createSecret', 'createSecret'], ['AWSCURRENT']],
    ['code-broken', undefined, ['setSecret', 'setSecret'], ['AWSCURRENT']],
    ['code-broken', 'testSecret', ['testSecret', 'testSecret'], ['AWSPENDING']],
    ['code-broken', 'finishSecret', ['finishSecret', 'finishSecret'], ['AWSPENDING']],
    ['throttled', undefined, ['createSecret', 'createSecret'], ['AWSCURRENT']],
    ['throttled', 'finishSecret', ['finishSecret', 'createSecret'], ['AWSPENDING']],
    ['time-out', undefined, ['setSecret', 'setSecret'], ['AWSCURRENT']],
    ['time-out', 'testSecret', ['testSecret', 'testSecret'], ['AWSPENDING']],
  ];

test('every cause is played', () => {
  expect(new Set(SEQUENCES.map(([cause]) => cause))).toEqual(new Set(FAILURE_CAUSES));
});

test.each(SEQUENCES)(
  '%s from %s on fails the steps that follow',
  async (cause, step, [first, retries], accepted) => {
    const { account, rotate, failed, accepts } = open({ behaviour: 'healthy', cause, ...(step && { step }) });
    await rotate();
    await account.clock.advance(HOUR);
    const [one, ...more] = failed();
    expect(one).toBe(first);
    expect(more.length).toBeGreaterThan(1);
    expect(new Set(more)).toEqual(new Set([retries]));
    for (const label of ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS']) {
      expect(accepts(label), label).toBe(accepted.includes(label));
    }
  },
);

test.each(SEQUENCES)('%s from %s on: the furthest step stays', async (cause, step, [first]) => {
  const { account, rotate, reached } = open({ behaviour: 'healthy', cause, ...(step && { step }) });
  const before = { createSecret: undefined, setSecret: 'createSecret', testSecret: 'setSecret' };
  await rotate();
  await account.clock.advance(HOUR);
  expect(reached()).toBe(first === 'finishSecret' ? 'testSecret' : before[first as keyof typeof before]);
});

const LASTING: readonly FailureCause[] = ['login-refused', 'password-changed'];

test.each(SEQUENCES)('%s from %s on is repaired, but no password comes back', async (cause, step) => {
  const { account, rotate, repair, isRotated } = open({ behaviour: 'healthy', cause, ...(step && { step }) });
  await rotate();
  await account.clock.advance(20 * MINUTE);
  repair();
  await account.clock.advance(HOUR);
  expect(isRotated()).toBe(!LASTING.includes(cause));
});

test.each(FAILURE_CAUSES.filter((cause) => !LASTING.includes(cause)))(
  '%s is over after as many failures as it has times',
  async (cause) => {
    const { account, rotate, failed, isRotated } = open({ behaviour: 'healthy', cause, times: 2 });
    await rotate();
    await account.clock.advance(2 * HOUR);
    expect(failed()).toHaveLength(2);
    expect(isRotated()).toBe(true);
  },
);

describe('where users alternate', () => {
  test('a new log-in that is refused leaves the user in use alone, and every attempt fails at testSecret', async () => {
    const rotator = { behaviour: 'alternating-users', cause: 'login-refused' } as const;
    const { account, rotate, failed, accepts } = open(rotator);
    await rotate();
    await account.clock.advance(HOUR);
    expect(new Set(failed())).toEqual(new Set(['testSecret']));
    expect(accepts('AWSCURRENT')).toBe(true);
    expect(accepts('AWSPENDING')).toBe(false);
  });
});

describe('what somebody repairs at the target', () => {
  test('a database that was stopped rotates once it is started', async () => {
    const { account, rotate, rds, isRotated } = open({ behaviour: 'healthy', cause: 'database-stopped' });
    await rotate();
    await account.clock.advance(5 * MINUTE);
    await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier: 'orders' }));
    await account.clock.advance(HOUR);
    expect(isRotated()).toBe(true);
  });

  test('a password that was changed behind is set to the one in use', async () => {
    const { account, rotate, rds, isRotated } = open({ behaviour: 'healthy', cause: 'password-changed' });
    account.rds.place({ identifier: 'orders', masterUsername: 'app', secrets: [SecretId] });
    await rotate();
    await account.clock.advance(5 * MINUTE);
    account.secretsManager.database(SecretId).setUser('app', 'now');
    await account.clock.advance(HOUR);
    expect(isRotated()).toBe(true);
    const change = { DBInstanceIdentifier: 'orders', MasterUserPassword: 'another-one' };
    await rds.send(new ModifyDBInstanceCommand(change));
    const { SecretString: text = '' } = await open({ behaviour: 'healthy' }).secrets.send(
      new GetSecretValueCommand({ SecretId }),
    );
    expect(account.secretsManager.database(SecretId).accepts({ field: 'SecretString', text })).toBe(false);
  });

  test('a value that lacks a key is put again', async () => {
    const { account, secrets, rotate, isRotated } = open({ behaviour: 'healthy', cause: 'value-lacks-key' });
    await rotate();
    await account.clock.advance(5 * MINUTE);
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: value('now') }));
    await secrets.send(
      new RotateSecretCommand({ SecretId, ClientRequestToken: ClientRequestToken.replace('1', '2') }),
    );
    await account.clock.advance(MINUTE);
    expect(isRotated()).toBe(false);
    expect(account.secretsManager.history(SecretId).at(-1)?.lastRotatedAt).toBeDefined();
  });
});

test('a key keeps its function out, and nobody else', async () => {
  const { account, secrets, rotate } = open({ behaviour: 'healthy', cause: 'key-denied' });
  await rotate();
  await account.clock.advance(MINUTE);
  await expect(secrets.send(new GetSecretValueCommand({ SecretId }))).resolves.toBeDefined();
  const asFunction = new SecretsManagerClient(clientOf(account, 'rotate'));
  await expect(asFunction.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: 'Access to KMS is not allowed',
  });
});

test('a key that is disabled lets nobody read or write', async () => {
  const { account, secrets } = open({ behaviour: 'healthy' });
  await account.call('kms', 'DisableKey', { KeyId: 'alias/aws/secretsmanager' }, 'operator');
  await expect(secrets.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
    name: 'DecryptionFailure',
  });
  await expect(
    secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'x' })),
  ).rejects.toMatchObject({ name: 'EncryptionFailure' });
});
