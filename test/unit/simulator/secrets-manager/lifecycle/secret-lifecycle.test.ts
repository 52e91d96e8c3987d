import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../../../src/calendar/instant.ts';
import { describeIt, NAME, openCreated, openService, put, stagesOf, V1, V2, V3, V4 } from '../support.ts';

test('a secret is found by its name, its ARN and its ARN without the random characters', async () => {
  const { client, arn } = await openCreated();
  expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod\/db\/app-[A-Za-z0-9]{6}$/);
  for (const id of [NAME, arn, arn.slice(0, -7)]) expect((await describeIt(client, id)).ARN).toBe(arn);
});

test('a secret is not found by the ARN of another Region, account or suffix', async () => {
  const { client, arn } = await openCreated();
  const others = [
    arn.replace('eu-west-1', 'us-east-1'),
    arn.replace('111122223333', '444455556666'),
    `${arn}x`,
  ];
  for (const id of others) await expect(describeIt(client, id)).rejects.toThrow("can't find");
});

test('a name that ends like an ARN does not hide the secret with the shorter name', async () => {
  const { client, service } = openService();
  const short = service.seed({ name: 'app', kind: 'none' });
  const long = service.seed({ name: `app${short.arn.slice(-7)}`, kind: 'none' });
  expect((await describeIt(client, short.arn)).Name).toBe('app');
  expect((await describeIt(client, long.name)).ARN).toBe(long.arn);
});

test('CreateSecret answers the version when there is a value and none when there is none', async () => {
  const { client } = openService();
  const valued = await client.send(
    new CreateSecretCommand({ Name: 'a', SecretString: 'x', ClientRequestToken: V1 }),
  );
  const empty = await client.send(new CreateSecretCommand({ Name: 'b' }));
  expect(valued.VersionId).toBe(V1);
  expect(empty).not.toHaveProperty('VersionId');
  expect(await describeIt(client, 'b')).not.toHaveProperty('VersionIdsToStages');
});

test('CreateSecret with the same token and value again changes nothing', async () => {
  const { client, arn, service } = await openCreated();
  const again = new CreateSecretCommand({ Name: NAME, ClientRequestToken: V1, SecretString: 'one' });
  expect((await client.send(again)).ARN).toBe(arn);
  expect([...service.secrets()]).toHaveLength(1);
});

test('DescribeSecret of a plain secret leaves out what was never set', async () => {
  const { client, arn } = await openCreated();
  const { $metadata, ...described } = await describeIt(client);
  expect($metadata.httpStatusCode).toBe(200);
  expect(described).toEqual({
    ARN: arn,
    Name: NAME,
    CreatedDate: new Date('2026-11-02T10:00:00Z'),
    LastChangedDate: new Date('2026-11-02T10:00:00Z'),
    VersionIdsToStages: { [V1]: ['AWSCURRENT'] },
  });
});

test('DescribeSecret of a primary shows its replicas', async () => {
  const { client, service } = openService();
  const replicas = [{ region: 'us-east-1', status: 'Failed' as const, message: 'no key' }];
  service.seed({ name: NAME, kind: 'none', primaryRegion: 'eu-west-1', replicas });
  expect(await describeIt(client)).toMatchObject({
    PrimaryRegion: 'eu-west-1',
    ReplicationStatus: [{ Region: 'us-east-1', Status: 'Failed', StatusMessage: 'no key' }],
  });
});

test('reading a value notes the day, at midnight UTC, on the secret and the version', async () => {
  const { client, clock } = await openCreated();
  await put(client, V2, 'two');
  await clock.advance(15 * HOUR);
  await client.send(new GetSecretValueCommand({ SecretId: NAME, VersionStage: 'AWSPREVIOUS' }));
  const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId: NAME }));
  const midnight = new Date('2026-11-03T00:00:00Z');
  expect(Versions.map(({ VersionId, LastAccessedDate }) => [VersionId, LastAccessedDate])).toEqual([
    [V1, midnight],
    [V2, undefined],
  ]);
  const described = await describeIt(client);
  expect(described.LastAccessedDate).toEqual(midnight);
  expect(described.LastChangedDate).toEqual(new Date('2026-11-02T10:00:00Z'));
});

test('a binary value comes back as it was put', async () => {
  const { client } = openService();
  const bytes = new Uint8Array([0, 1, 254, 255]);
  await client.send(new CreateSecretCommand({ Name: NAME, SecretBinary: bytes }));
  const { SecretBinary, SecretString } = await client.send(new GetSecretValueCommand({ SecretId: NAME }));
  expect([...(SecretBinary ?? [])]).toEqual([0, 1, 254, 255]);
  expect(SecretString).toBeUndefined();
});

test('PutSecretValue with the same token and value again changes no label', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two');
  await put(client, V3, 'three');
  const answer = await put(client, V2, 'two');
  expect(answer.VersionStages).toEqual(['AWSPREVIOUS']);
  expect(await stagesOf(client)).toEqual({ [V2]: ['AWSPREVIOUS'], [V3]: ['AWSCURRENT'] });
});

test('UpdateSecret makes a version only when it carries a value', async () => {
  const { client } = await openCreated();
  const described = await client.send(
    new UpdateSecretCommand({ SecretId: NAME, Description: 'new', KmsKeyId: 'key' }),
  );
  expect(described).not.toHaveProperty('VersionId');
  const valued = await client.send(
    new UpdateSecretCommand({ SecretId: NAME, SecretString: 'two', ClientRequestToken: V2 }),
  );
  expect(valued.VersionId).toBe(V2);
  expect(await describeIt(client)).toMatchObject({
    Description: 'new',
    KmsKeyId: 'key',
    VersionIdsToStages: { [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT'] },
  });
});

test('versions without labels are listed only as deprecated ones, without stages', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two');
  await put(client, V3, 'three');
  const list = (IncludeDeprecated: boolean) =>
    client.send(new ListSecretVersionIdsCommand({ SecretId: NAME, IncludeDeprecated }));
  expect((await list(false)).Versions?.map(({ VersionId }) => VersionId)).toEqual([V2, V3]);
  expect((await list(true)).Versions?.at(0)).toEqual({
    VersionId: V1,
    CreatedDate: new Date('2026-11-02T10:00:00Z'),
    KmsKeyIds: ['DefaultEncryptionKey'],
  });
});

test('version ids come in pages', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two', ['A']);
  await put(client, V3, 'three', ['B']);
  const first = await client.send(new ListSecretVersionIdsCommand({ SecretId: NAME, MaxResults: 2 }));
  const { NextToken } = first;
  const second = await client.send(
    new ListSecretVersionIdsCommand({ SecretId: NAME, MaxResults: 2, NextToken }),
  );
  expect(first.Versions).toHaveLength(2);
  expect(second.Versions?.map(({ VersionId }) => VersionId)).toEqual([V3]);
  expect(second).not.toHaveProperty('NextToken');
});

test('a label is added, moved and removed by hand', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two', ['BLUE']);
  const label = (input: object) =>
    client.send(new UpdateSecretVersionStageCommand({ SecretId: NAME, VersionStage: 'GREEN', ...input }));
  await label({ MoveToVersionId: V1 });
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSCURRENT', 'GREEN'], [V2]: ['BLUE'] });
  await label({ MoveToVersionId: V2, RemoveFromVersionId: V1 });
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['BLUE', 'GREEN'] });
  await label({ RemoveFromVersionId: V2 });
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['BLUE'] });
});

test('a deleted secret is restored within its window and purged at its end', async () => {
  const { client, clock } = await openCreated();
  const deleted = await client.send(new DeleteSecretCommand({ SecretId: NAME }));
  expect(deleted.DeletionDate).toEqual(new Date('2026-12-02T10:00:00Z'));
  expect((await describeIt(client)).DeletedDate).toEqual(new Date('2026-11-02T10:00:00Z'));
  await clock.advance(30 * DAY - 1);
  await client.send(new RestoreSecretCommand({ SecretId: NAME }));
  expect(await describeIt(client)).not.toHaveProperty('DeletedDate');
  await clock.advance(DAY);
  await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }));
  await clock.advance(7 * DAY);
  await expect(describeIt(client)).rejects.toThrow("can't find");
});

test('a secret that was deleted by force is gone after some seconds, and its name is free', async () => {
  const { client, arn, service, clock } = await openCreated();
  const force = new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true });
  expect((await client.send(force)).DeletionDate).toEqual(new Date('2026-11-02T10:00:00Z'));
  const create = () => client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'x' }));
  await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await clock.advance(9000);
  expect((await create()).ARN).not.toBe(arn);
  expect(service.history(arn).at(-1)?.operation).toBe('DeleteSecret');
});

test('deleting by force what does not exist is no error', async () => {
  const { client } = openService();
  const force = { ForceDeleteWithoutRecovery: true };
  expect((await client.send(new DeleteSecretCommand({ SecretId: NAME, ...force }))).Name).toBe(NAME);
  const arn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${NAME}-a1B2c3`;
  expect((await client.send(new DeleteSecretCommand({ SecretId: arn, ...force }))).ARN).toBe(arn);
});

test('RestoreSecret of a secret that was not deleted changes nothing', async () => {
  const { client, arn } = await openCreated();
  expect((await client.send(new RestoreSecretCommand({ SecretId: NAME }))).ARN).toBe(arn);
});

test('tags are replaced by key and removed by key', async () => {
  const { client } = await openCreated();
  const tag = (Key: string, Value: string) => ({ Key, Value });
  await client.send(new TagResourceCommand({ SecretId: NAME, Tags: [tag('a', '1'), tag('b', '2')] }));
  await client.send(new TagResourceCommand({ SecretId: NAME, Tags: [tag('a', '3')] }));
  expect((await describeIt(client)).Tags).toEqual([tag('a', '3'), tag('b', '2')]);
  await client.send(new UntagResourceCommand({ SecretId: NAME, TagKeys: ['a', 'b'] }));
  expect((await describeIt(client)).Tags).toEqual([]);
});

test('a secret holds at most 50 tags', async () => {
  const { client } = await openCreated();
  const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `key${index}`, Value: '' }));
  const sent = client.send(new TagResourceCommand({ SecretId: NAME, Tags }));
  await expect(sent).rejects.toMatchObject({ name: 'LimitExceededException' });
});

test('the version of an unknown token stays unknown', async () => {
  const { client } = await openCreated();
  await expect(client.send(new GetSecretValueCommand({ SecretId: NAME, VersionId: V4 }))).rejects.toThrow(V4);
});
