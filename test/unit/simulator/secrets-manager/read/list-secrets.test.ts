import {
  CancelRotateSecretCommand,
  DeleteSecretCommand,
  type Filter,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsRequest,
  paginateListSecrets,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { at, NAME, type Opened, openRotated, openService, put, rotate, V1, V2 } from '../support.ts';

async function namesListed(
  { client }: Opened,
  input: ListSecretsRequest = {},
): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for await (const page of paginateListSecrets({ client }, input)) {
    for (const { Name } of page.SecretList ?? []) names.push(Name);
  }
  return names;
}

function openSeveral(): Opened {
  const opened = openService();
  const { service } = opened;
  const base = { kind: 'none' as const };
  service.seed({
    ...base,
    name: '/b/two',
    description: 'an secret',
    tags: { team: 'Payments' },
    createdAt: at('2026-01-03T00:00:00Z'),
  });
  service.seed({
    ...base,
    name: 'a/one',
    description: 'a Secret',
    tags: { Team: 'payments' },
    createdAt: at('2026-01-01T00:00:00Z'),
  });
  service.seed({
    ...base,
    name: 'c/three',
    description: 'thesecret',
    owningService: 'rds',
    createdAt: at('2026-01-02T00:00:00Z'),
  });
  service.seed({ name: 'd/four', kind: 'replica', createdAt: at('2026-01-04T00:00:00Z') });
  return opened;
}

test('pages hold at most 100 secrets and lead to each secret once', async () => {
  const opened = openService();
  opened.service.seedMany(250, (index) => ({ name: `secret-${index}`, kind: 'none' }));
  const first = await opened.client.send(new ListSecretsCommand({}));
  expect(first.SecretList).toHaveLength(100);
  const names = await namesListed(opened);
  expect(names).toHaveLength(250);
  expect(new Set(names).size).toBe(250);
});

test('a last page that is exactly full has no token', async () => {
  const opened = openService();
  opened.service.seedMany(20, (index) => ({ name: `secret-${index}`, kind: 'none' }));
  const first = await opened.client.send(new ListSecretsCommand({ MaxResults: 10 }));
  const second = await opened.client.send(
    new ListSecretsCommand({ MaxResults: 10, NextToken: first.NextToken }),
  );
  expect(second.SecretList).toHaveLength(10);
  expect(second).not.toHaveProperty('NextToken');
});

test('pages survive secrets that come and go meanwhile', async () => {
  for (const SortOrder of ['asc', 'desc'] as const) {
    const opened = openService();
    opened.service.seedMany(30, (index) => ({
      name: `secret-${String(index).padStart(2, '0')}`,
      kind: 'none',
    }));
    const options = { SortBy: 'name', SortOrder, MaxResults: 10 } as const;
    const first = await opened.client.send(new ListSecretsCommand(options));
    const last = first.SecretList?.at(-1)?.Name;
    await opened.client.send(new DeleteSecretCommand({ SecretId: last, ForceDeleteWithoutRecovery: true }));
    const following = await opened.client.send(
      new ListSecretsCommand({ ...options, NextToken: first.NextToken }),
    );
    expect(following.SecretList?.at(0)?.Name).toBe(SortOrder === 'asc' ? 'secret-10' : 'secret-19');
  }
});

test('a token of another order is refused', async () => {
  const { client } = openSeveral();
  const { NextToken } = await client.send(new ListSecretsCommand({ MaxResults: 1 }));
  await expect(client.send(new ListSecretsCommand({ NextToken, SortBy: 'name' }))).rejects.toThrow(
    'NextToken',
  );
});

test.each([
  [{}, ['a/one', 'c/three', '/b/two', 'd/four']],
  [{ SortOrder: 'desc' }, ['d/four', '/b/two', 'c/three', 'a/one']],
  [{ SortBy: 'name' }, ['/b/two', 'a/one', 'c/three', 'd/four']],
  [{ SortBy: 'name', SortOrder: 'desc', MaxResults: 1 }, ['d/four', 'c/three', 'a/one', '/b/two']],
  [{ SortBy: 'created-date', MaxResults: 3 }, ['a/one', 'c/three', '/b/two', 'd/four']],
] as [ListSecretsRequest, string[]][])('%j lists %j', async (input, names) => {
  expect(await namesListed(openSeveral(), input)).toEqual(names);
});

test('lists sort by the last change and the last access', async () => {
  const opened = openSeveral();
  await opened.client.send(new UpdateSecretCommand({ SecretId: 'a/one', Description: 'changed' }));
  await opened.client.send(new GetSecretValueCommand({ SecretId: 'c/three' }));
  expect((await namesListed(opened, { SortBy: 'last-changed-date' })).at(-1)).toBe('a/one');
  expect((await namesListed(opened, { SortBy: 'last-accessed-date' })).at(-1)).toBe('c/three');
});

test.each([
  ['name', ['/'], ['/b/two']],
  ['name', ['!/'], ['a/one', 'c/three', 'd/four']],
  ['name', ['a/', 'c/'], ['a/one', 'c/three']],
  ['name', ['A/'], []],
  ['name', ['one'], []],
  ['description', ['a'], ['a/one', '/b/two']],
  ['description', ['A SECRET'], ['a/one', '/b/two']],
  ['description', ['!a', '!the'], ['d/four']],
  ['tag-key', ['team'], ['/b/two']],
  ['tag-value', ['pay'], ['a/one']],
  ['owning-service', ['rds'], ['c/three']],
  ['primary-region', ['us-'], ['d/four']],
  ['all', ['SECRET an'], ['/b/two']],
  ['all', ['payments'], ['a/one', '/b/two']],
] as [Filter['Key'], string[], string[]][])('the filter %s %j finds %j', async (Key, Values, names) => {
  expect(await namesListed(openSeveral(), { Filters: [{ Key, Values }] })).toEqual(names);
});

test('all filters must hold', async () => {
  const Filters: Filter[] = [
    { Key: 'description', Values: ['a'] },
    { Key: 'name', Values: ['!/'] },
  ];
  expect(await namesListed(openSeveral(), { Filters })).toEqual(['a/one']);
});

test('secrets that are marked for deletion are listed only when asked for', async () => {
  const opened = openSeveral();
  await opened.client.send(new DeleteSecretCommand({ SecretId: 'a/one' }));
  expect(await namesListed(opened)).not.toContain('a/one');
  expect(await namesListed(opened, { IncludePlannedDeletion: true })).toContain('a/one');
});

test('an entry shows stages, rules and dates, and nothing that is absent', async () => {
  const { client, clock, arn } = await openRotated();
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  const { SecretList } = await client.send(new ListSecretsCommand({}));
  expect(SecretList).toEqual([
    {
      ARN: arn,
      Name: NAME,
      RotationEnabled: true,
      RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:rotator',
      RotationRules: { AutomaticallyAfterDays: 30 },
      LastRotatedDate: expect.any(Date),
      LastChangedDate: expect.any(Date),
      LastAccessedDate: new Date('2026-11-02T00:00:00Z'),
      NextRotationDate: new Date('2026-12-02T23:59:59Z'),
      SecretVersionsToStages: { [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT'] },
      CreatedDate: new Date('2026-11-02T10:00:00Z'),
    },
  ]);
});

test('a list keeps LastRotatedDate while rotation is off', async () => {
  const { client, clock } = await openRotated();
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  await client.send(new CancelRotateSecretCommand({ SecretId: NAME }));
  const { SecretList } = await client.send(new ListSecretsCommand({}));
  expect(SecretList?.at(0)).toMatchObject({ RotationEnabled: false, LastRotatedDate: expect.any(Date) });
});

test('lists that lag show the state of before for at most the delay', async () => {
  const { client, clock, service } = await openRotated();
  service.delayLists(5 * MINUTE);
  await put(client, V2, 'two', ['AWSPENDING']);
  const before = await client.send(new ListSecretsCommand({}));
  expect(before.SecretList?.at(0)?.SecretVersionsToStages).toEqual({ [V1]: ['AWSCURRENT'] });
  await clock.advance(5 * MINUTE);
  const after = await client.send(new ListSecretsCommand({}));
  expect(after.SecretList?.at(0)?.SecretVersionsToStages).toHaveProperty(V2);
});
