import {
  GetSecretValueCommand,
  ListSecretsCommand,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { DAY } from '../../../../src/calendar/instant.ts';
import { at, describeIt, eventsNamed, NAME, openService, rotate, V1, V2, V3 } from './support.ts';

test('seeding emits nothing and shows in the history as what was there', async () => {
  const { events, service, arn } = (() => {
    const opened = openService();
    return { ...opened, arn: opened.service.seed({ name: NAME, kind: 'none' }).arn };
  })();
  expect(events).toEqual([]);
  expect(service.history(arn)).toHaveLength(1);
  expect(service.history(arn).at(0)).toMatchObject({
    secretArn: arn,
    cause: 'seed',
    rotationEnabled: undefined,
  });
});

test('a secret has the ARN that it was to have', () => {
  const { service } = openService();
  expect(service.seed({ name: NAME, arnSuffix: 'AbCdEf', kind: 'none' }).arn).toMatch(
    /:secret:prod\/db\/app-AbCdEf$/,
  );
});

test('the last read of any version is the last read of the secret', async () => {
  const { client, service } = openService();
  const [first, last] = [at('2026-01-02T00:00:00Z'), at('2026-02-03T00:00:00Z')];
  service.seed({
    name: NAME,
    kind: 'none',
    versions: [
      { id: V1, stages: ['AWSCURRENT'], accessedOn: first },
      { id: V2, stages: ['AWSPREVIOUS'], accessedOn: last },
    ],
  });
  expect(await describeIt(client)).toMatchObject({ LastAccessedDate: new Date(last) });
});

test('a rotation that got stuck years ago stays as it is', async () => {
  const { client, clock, events, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seed({
    name: NAME,
    kind: 'function',
    function: 'rotator',
    createdAt: at('2022-08-23T00:00:00Z'),
    nextRotationAt: at('2023-05-06T22:59:59Z'),
    versions: [
      { id: V1, stages: ['AWSCURRENT'] },
      { id: V2, stages: ['AWSPENDING'], value: null },
    ],
  });
  await clock.advance(100 * DAY);
  const described = await describeIt(client);
  expect(described).toMatchObject({
    RotationEnabled: true,
    NextRotationDate: new Date('2023-05-06T22:59:59Z'),
    VersionIdsToStages: { [V1]: ['AWSCURRENT'], [V2]: ['AWSPENDING'] },
  });
  expect(described).not.toHaveProperty('RotationRules');
  expect(events).toEqual([]);
  await expect(rotate(client, V3)).rejects.toThrow("A previous rotation isn't complete.");
});

test('a split brain can be there from the beginning', async () => {
  const { service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seed({
    name: NAME,
    kind: 'function',
    function: 'rotator',
    schedule: 30,
    versions: [
      { id: V1, stages: ['AWSCURRENT'] },
      { id: V2, stages: ['AWSPENDING'], stepReached: 'setSecret' },
    ],
    databaseAccepts: ['AWSPENDING', 'UNKNOWN'],
  });
  expect(service.history(NAME).at(0)).toMatchObject({ stepReached: 'setSecret', databaseAccepts: [V2] });
});

test('the last rotation decides the next one', async () => {
  const { client, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  const lastRotatedAt = at('2026-10-20T05:00:00Z');
  service.seed({
    name: NAME,
    kind: 'function',
    function: 'rotator',
    schedule: 'rate(20 days)',
    lastRotatedAt,
  });
  expect(await describeIt(client)).toMatchObject({
    LastRotatedDate: new Date(lastRotatedAt),
    NextRotationDate: new Date('2026-11-09T23:59:59Z'),
  });
});

test('rotation that is off keeps its rules and has no next date', async () => {
  const { client, clock, events, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 1, rotationEnabled: false });
  await clock.advance(3 * DAY);
  expect(events).toEqual([]);
  expect(await describeIt(client)).toMatchObject({
    RotationEnabled: false,
    RotationRules: { AutomaticallyAfterDays: 1 },
  });
  expect(await describeIt(client)).not.toHaveProperty('NextRotationDate');
});

test('a replica names its primary Region and never rotates', async () => {
  const { client, clock, events, service } = openService();
  service.seed({ name: NAME, kind: 'replica' });
  await clock.advance(30 * DAY);
  expect((await describeIt(client)).PrimaryRegion).toBe('us-east-1');
  expect(events).toEqual([]);
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: NAME }));
  expect(SecretString).toContain('password');
});

test('a managed secret can be rotated on demand and by its schedule', async () => {
  const { client, clock, events, service } = openService();
  service.seed({ name: 'rds!db', kind: 'managed', schedule: 7, owningService: 'rds' });
  await client.send(new RotateSecretCommand({ SecretId: 'rds!db', RotateImmediately: false }));
  await clock.advance(15 * DAY);
  expect(eventsNamed(events, 'RotationSucceeded')).toHaveLength(2);
});

test('a hundred thousand secrets are listed page by page', async () => {
  const { client, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seedMany(100_000, (index) => ({
    name: `fleet/secret-${index}`,
    kind: 'function',
    function: 'rotator',
    schedule: 30,
  }));
  const seen = new Set<string | undefined>();
  let NextToken: string | undefined;
  for (let page = 0; page < 20; page++) {
    const answer = await client.send(new ListSecretsCommand({ NextToken, MaxResults: 100 }));
    for (const { ARN } of answer.SecretList ?? []) seen.add(ARN);
    ({ NextToken } = answer);
  }
  expect(seen.size).toBe(2_000);
  expect(NextToken).toBeDefined();
});
