import {
  BatchGetSecretValueCommand,
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE, SECOND } from '../../../../src/calendar/instant.ts';
import { clientOf, openAccount, START } from '../open-account.ts';

function open() {
  const account = openAccount();
  return { account, client: new SecretsManagerClient(clientOf(account)) };
}

const SecretId = 'app/db';
const TOKEN = '0b0b0b0b-0000-4000-8000-000000000001';

describe('names and tokens', () => {
  const calls: readonly (readonly [string, object])[] = [
    ['DescribeSecret', {}],
    ['GetSecretValue', {}],
    ['ListSecretVersionIds', {}],
    ['PutSecretValue', { ClientRequestToken: TOKEN, SecretString: 'x' }],
    ['UpdateSecret', { ClientRequestToken: TOKEN }],
    ['UpdateSecretVersionStage', { VersionStage: 'a' }],
    ['RotateSecret', { ClientRequestToken: TOKEN }],
    ['CancelRotateSecret', {}],
    ['DeleteSecret', {}],
    ['DeleteSecret', { ForceDeleteWithoutRecovery: true }],
    ['GetResourcePolicy', {}],
    ['ReplicateSecretToRegions', { AddReplicaRegions: [{ Region: 'us-east-2' }] }],
    ['RemoveRegionsFromReplication', { RemoveReplicaRegions: ['us-east-2'] }],
    ['StopReplicationToReplica', {}],
    ['RestoreSecret', {}],
    ['TagResource', { Tags: [] }],
    ['UntagResource', { TagKeys: [] }],
  ];

  test.each(calls)('%s refuses a name with other characters than names have', async (operation, rest) => {
    const { account } = open();
    const call = account.call('secretsmanager', operation, { SecretId: 'a b', ...rest }, 'operator');
    await expect(call).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(/^Invalid name\. Must be a valid name/),
    });
  });

  test.each([
    [512, 'ResourceNotFoundException'],
    [513, 'ValidationException'],
  ])('a name of %i characters is answered with %s', async (length, code) => {
    const { account } = open();
    const call = account.call(
      'secretsmanager',
      'DescribeSecret',
      { SecretId: 'x'.repeat(length) },
      'operator',
    );
    await expect(call).rejects.toMatchObject({ code });
  });

  test('CreateSecret refuses it, too', async () => {
    const { client } = open();
    await expect(client.send(new CreateSecretCommand({ Name: 'a b' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test.each([
    ['RotateSecret', 'InvalidParameterException'],
    ['PutSecretValue', 'InvalidRequestException'],
    ['UpdateSecret', 'InvalidRequestException'],
  ])('%s without a token is refused before anything is looked for', async (operation, code) => {
    const { account } = open();
    const call = account.call('secretsmanager', operation, { SecretId: 'nowhere' }, 'operator');
    await expect(call).rejects.toMatchObject({ code });
  });
});

describe('error bodies', () => {
  const bodyOf = async (SecretId: string): Promise<object> => {
    const { account } = open();
    const { response } = await account.requestHandler('operator').handle({
      method: 'POST',
      path: '/',
      headers: { 'x-amz-target': 'secretsmanager.DescribeSecret' },
      body: JSON.stringify({ SecretId }),
    });
    return JSON.parse(String(response.body));
  };

  test('spell Message where a model has the error, and message where none has', async () => {
    const message = "Secrets Manager can't find the specified secret.";
    expect(await bodyOf('nowhere')).toEqual({ __type: 'ResourceNotFoundException', Message: message });
    expect(await bodyOf('a b')).toEqual({
      __type: 'ValidationException',
      message: expect.stringContaining('Invalid name'),
    });
  });
});

describe('values', () => {
  test('have at most 65,536 bytes, and no message repeats one that is longer', async () => {
    const { client } = open();
    const longest = 'ä'.repeat(32_768);
    await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: longest }));
    const put = (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId, SecretString }));
    const refused = await put(`${longest}x`).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'ValidationException' });
    expect(String(refused)).not.toContain('ä');
    const SecretBinary = Buffer.alloc(65_537);
    await expect(client.send(new PutSecretValueCommand({ SecretId, SecretBinary }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('are had in batches, each failure by itself', async () => {
    const { account, client } = open();
    for (const Name of ['a', 'b']) await client.send(new CreateSecretCommand({ Name, SecretString: Name }));
    await client.send(new CreateSecretCommand({ Name: 'empty' }));
    const SecretIdList = ['a', 'nowhere', 'b', 'empty'];
    const { SecretValues, Errors } = await client.send(new BatchGetSecretValueCommand({ SecretIdList }));
    expect(SecretValues?.map(({ SecretString }) => SecretString)).toEqual(['a', 'b']);
    expect(Errors).toMatchObject([
      { SecretId: 'nowhere', ErrorCode: 'ResourceNotFoundException' },
      { SecretId: 'empty', ErrorCode: 'ResourceNotFoundException' },
    ]);
    account.secretsManager.seed({ name: 'c', kind: 'none' });
    const page = await client.send(
      new BatchGetSecretValueCommand({
        Filters: [{ Key: 'name', Values: ['!z'] }],
        MaxResults: 2,
      }),
    );
    expect(page.SecretValues).toHaveLength(2);
    const { NextToken } = page;
    const rest = await client.send(
      new BatchGetSecretValueCommand({
        Filters: [{ Key: 'name', Values: ['!z'] }],
        MaxResults: 2,
        NextToken,
      }),
    );
    expect(rest.SecretValues?.map(({ Name }) => Name)).toEqual(['c']);
    expect(rest.NextToken).toBeUndefined();
    await client.send(new DeleteSecretCommand({ SecretId: 'a' }));
    const left = new BatchGetSecretValueCommand({ Filters: [{ Key: 'name', Values: ['!z'] }] });
    const { SecretValues: found, Errors: none } = await client.send(left);
    expect([found?.map(({ Name }) => Name), none]).toEqual([['b', 'c'], []]);
  });

  test.each([
    ['both or neither', {}],
    ['more than twenty', { SecretIdList: Array.from({ length: 21 }, (_, index) => `s${index}`) }],
    ['a size of pages without filters', { SecretIdList: ['a'], MaxResults: 5 }],
  ])('a batch of %s is refused', async (_what, input) => {
    await expect(open().client.send(new BatchGetSecretValueCommand(input))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('what is shown', () => {
  const describeSecret = (client: SecretsManagerClient) =>
    client.send(new DescribeSecretCommand({ SecretId }));

  test('an empty description is none', async () => {
    const { client } = open();
    await client.send(new CreateSecretCommand({ Name: SecretId, Description: '' }));
    expect((await describeSecret(client)).Description).toBeUndefined();
  });

  test('a secret that lost its last tag has an empty list of them, one that never had any has none', async () => {
    const { client } = open();
    await client.send(new CreateSecretCommand({ Name: SecretId }));
    expect((await describeSecret(client)).Tags).toBeUndefined();
    await client.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'a', Value: 'b' }] }));
    await client.send(new UntagResourceCommand({ SecretId, TagKeys: ['a'] }));
    expect((await describeSecret(client)).Tags).toEqual([]);
  });

  test('a replica in sync says so, with its key and a day', async () => {
    const { account, client } = open();
    await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'x' }));
    const AddReplicaRegions = [{ Region: 'us-east-2' }];
    await client.send(new ReplicateSecretToRegionsCommand({ SecretId, AddReplicaRegions }));
    await account.clock.advance(MINUTE);
    expect((await describeSecret(client)).ReplicationStatus).toEqual([
      {
        Region: 'us-east-2',
        Status: 'InSync',
        StatusMessage: 'Replication succeeded',
        KmsKeyId: 'alias/aws/secretsmanager',
        LastAccessedDate: new Date(Math.floor(START / DAY) * DAY),
      },
    ]);
  });

  test('the role and the metadata of a managed external secret are kept', async () => {
    const { account, client } = open();
    const Type = 'SnowflakeKeyPairAuthentication';
    await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: '{}', Type }));
    const ExternalSecretRotationMetadata = [{ Key: 'account', Value: 'acme' }];
    const ExternalSecretRotationRoleArn = 'arn:aws:iam::111122223333:role/partner';
    const external = { ExternalSecretRotationMetadata, ExternalSecretRotationRoleArn };
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await client.send(new RotateSecretCommand({ SecretId, RotationRules, ...external }));
    expect(await describeSecret(client)).toMatchObject(external);
    const { SecretList } = await client.send(new ListSecretsCommand({}));
    expect(SecretList?.[0]).toMatchObject({ Type, ...external });
    await account.clock.advance(MINUTE);
    await client.send(new RotateSecretCommand({ SecretId, RotationRules: { AutomaticallyAfterDays: 7 } }));
    expect(await describeSecret(client)).toMatchObject(external);
    await client.send(new CancelRotateSecretCommand({ SecretId }));
    expect(await describeSecret(client)).toMatchObject({ RotationEnabled: false, ...external });
  });

  test('a secret becomes a managed external one by UpdateSecret', async () => {
    const { client } = open();
    await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: '{}' }));
    await client.send(new UpdateSecretCommand({ SecretId, Type: 'DatadogApiKey' }));
    expect((await describeSecret(client)).Type).toBe('DatadogApiKey');
  });

  test('a secret whose rotation is off was never rotated, says its description', async () => {
    const { account, client } = open();
    account.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    account.secretsManager.seed({
      name: SecretId,
      kind: 'function',
      function: 'rotate',
      schedule: 30,
      lastRotatedAt: later(START, -DAY),
    });
    expect((await describeSecret(client)).LastRotatedDate).toEqual(new Date(later(START, -DAY)));
    await client.send(new CancelRotateSecretCommand({ SecretId }));
    expect(await describeSecret(client)).not.toHaveProperty('LastRotatedDate');
  });

  test('other secrets take neither', async () => {
    const { client } = open();
    await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'x' }));
    const RotationLambdaARN = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate';
    const ExternalSecretRotationRoleArn = 'arn:aws:iam::111122223333:role/partner';
    await expect(
      client.send(new RotateSecretCommand({ SecretId, RotationLambdaARN, ExternalSecretRotationRoleArn })),
    ).rejects.toBeDefined();
  });
});

test('forced deletion takes about eight seconds', async () => {
  const { account, client } = open();
  await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'x' }));
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  const get = () => client.send(new GetSecretValueCommand({ SecretId }));
  await expect(get()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await account.clock.advance(7 * SECOND);
  await expect(get()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await account.clock.advance(2 * SECOND);
  await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

describe('filters', () => {
  test.each([
    ['description', 'cust', true],
    ['description', 'Customer data', true],
    ['description', 'ustomer', false],
    ['all', 'orders', true],
    ['all', 'Db', true],
    ['all', 'rders', false],
  ] as const)('%s finds words by how they begin: %s is found: %s', async (Key, value, isFound) => {
    const { client } = open();
    await client.send(new CreateSecretCommand({ Name: 'shopOrdersDb', Description: 'Holds customer data' }));
    const { SecretList } = await client.send(new ListSecretsCommand({ Filters: [{ Key, Values: [value] }] }));
    expect(SecretList).toHaveLength(isFound ? 1 : 0);
  });
});

describe('a value put by hand counts as a rotation for the next date', () => {
  /** A secret that rotates daily from 10:00 to 11:00 UTC and misses each window, an hour before one ends. */
  function missing() {
    const { account, client } = open();
    account.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    account.secretsManager.seed({
      name: SecretId,
      kind: 'function',
      function: 'rotate',
      schedule: 'cron(0 10 * * ? *)',
      duration: '1h',
      lastRotatedAt: later(START, -DAY),
      nextRotationAt: later(START, HOUR),
    });
    account.secretsManager.configure(SecretId, { missesWindows: true });
    return { account, client, dates: () => client.send(new DescribeSecretCommand({ SecretId })) };
  }

  const put = [
    ['PutSecretValue', new PutSecretValueCommand({ SecretId, SecretString: 'y' })],
    ['UpdateSecret', new UpdateSecretCommand({ SecretId, SecretString: 'y' })],
  ] as const;

  test.each(put)('%s within an open window or after a missed one', async (_operation, command) => {
    for (const at of [30 * MINUTE, 2 * HOUR]) {
      const { account, client, dates } = missing();
      await account.clock.advance(at);
      await client.send(command as PutSecretValueCommand);
      const { NextRotationDate, LastRotatedDate } = await dates();
      expect(NextRotationDate).toEqual(new Date(START + DAY + HOUR - SECOND));
      expect(LastRotatedDate).toEqual(new Date(START - DAY));
    }
  });

  test.each([
    ['a description', new UpdateSecretCommand({ SecretId, Description: 'new' })],
    [
      'a value under a label of its own',
      new PutSecretValueCommand({ SecretId, SecretString: 'y', VersionStages: ['mine'] }),
    ],
    ['a tag', new TagResourceCommand({ SecretId, Tags: [{ Key: 'a', Value: 'b' }] })],
  ])('%s does not', async (_what, command) => {
    const { account, client, dates } = missing();
    await account.clock.advance(30 * MINUTE);
    await client.send(command as TagResourceCommand);
    expect((await dates()).NextRotationDate).toEqual(new Date(later(START, HOUR)));
  });
});
