import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  RemoveRegionsFromReplicationCommand,
  ReplicateSecretToRegionsCommand,
  type ReplicationStatusType,
  type SecretsManagerClient,
  StopReplicationToReplicaCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  describeIt,
  eventsNamed,
  NAME,
  namesOf,
  openCreated,
  openRotated,
  openService,
  put,
  rotate,
  V1,
  V2,
} from '../support.ts';

const replicate = (client: SecretsManagerClient, ...regions: string[]) =>
  client.send(
    new ReplicateSecretToRegionsCommand({
      SecretId: NAME,
      AddReplicaRegions: regions.map((Region) => ({ Region })),
    }),
  );

const statuses = (replicas: readonly ReplicationStatusType[] = []) =>
  replicas.map(({ Region, Status }) => `${Region} ${Status}`);

const shown = async (client: SecretsManagerClient) => statuses((await describeIt(client)).ReplicationStatus);

const replicationEvents = (names: readonly string[]) =>
  names.filter((name) => name.startsWith('Replicat') || name === 'RemoveRegionsFromReplication');

test('a replica is in progress first and in sync after a while; the events report both', async () => {
  const { client, clock, events, arn } = await openCreated();
  const answer = await replicate(client, 'us-east-1');
  expect(answer.ARN).toBe(arn);
  expect(statuses(answer.ReplicationStatus)).toEqual(['us-east-1 InProgress']);
  await clock.advance(MINUTE);
  expect(await shown(client)).toEqual(['us-east-1 InSync']);
  expect(replicationEvents(namesOf(events))).toEqual([
    'ReplicateSecretToRegions',
    'ReplicationStarted',
    'ReplicationSucceeded',
  ]);
});

test('a version that comes while another is copied is copied instead', async () => {
  const { client, clock, events } = await openCreated();
  await replicate(client, 'us-east-1');
  await put(client, V2, 'next');
  await clock.advance(MINUTE);
  expect(await shown(client)).toEqual(['us-east-1 InSync']);
  expect(eventsNamed(events, 'ReplicationStarted')).toHaveLength(2);
  expect(eventsNamed(events, 'ReplicationSucceeded')).toHaveLength(1);
});

test('a replication event has the shape of the other service events', async () => {
  const { client, clock, events, arn } = await openCreated();
  await replicate(client, 'us-east-1');
  await clock.advance(MINUTE);
  expect(eventsNamed(events, 'ReplicationSucceeded')).toMatchObject([
    {
      'detail-type': 'AWS Service Event via CloudTrail',
      source: 'aws.secretsmanager',
      region: 'eu-west-1',
      resources: [],
      detail: {
        userIdentity: { invokedBy: 'secretsmanager.amazonaws.com' },
        requestParameters: null,
        responseElements: null,
        additionalEventData: { SecretId: arn },
        eventType: 'AwsServiceEvent',
      },
    },
  ]);
});

test('a primary shows its own Region in DescribeSecret and in the list, which has no status', async () => {
  const { client } = await openCreated();
  expect(await describeIt(client)).not.toHaveProperty('PrimaryRegion');
  await replicate(client, 'us-east-1');
  expect((await describeIt(client)).PrimaryRegion).toBe('eu-west-1');
  const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
  expect(SecretList).toMatchObject([{ PrimaryRegion: 'eu-west-1' }]);
  expect(SecretList[0]).not.toHaveProperty('ReplicationStatus');
});

test('CreateSecret replicates at once and says so', async () => {
  const { client, clock } = openService();
  const answer = await client.send(
    new CreateSecretCommand({
      Name: NAME,
      ClientRequestToken: V1,
      SecretString: 'one',
      AddReplicaRegions: [{ Region: 'us-east-1', KmsKeyId: 'alias/replica' }],
    }),
  );
  expect(answer.ReplicationStatus).toEqual([
    { Region: 'us-east-1', KmsKeyId: 'alias/replica', Status: 'InProgress' },
  ]);
  await clock.advance(MINUTE);
  expect(await shown(client)).toEqual(['us-east-1 InSync']);
});

test('a rotation makes every replica in progress and then in sync', async () => {
  const { client, clock, events } = await openRotated();
  await replicate(client, 'us-east-1', 'us-west-2');
  await clock.advance(MINUTE);
  events.length = 0;
  await rotate(client, V2);
  const seen: string[] = [];
  for (let second = 0; second < 90; second++) {
    await clock.advance(1000);
    seen.push((await shown(client)).join());
  }
  expect([...new Set(seen)].slice(0, 2)).toEqual([
    'us-east-1 InSync,us-west-2 InSync',
    'us-east-1 InProgress,us-west-2 InProgress',
  ]);
  expect(seen.at(-1)).toBe('us-east-1 InSync,us-west-2 InSync');
  expect(eventsNamed(events, 'ReplicationStarted')).toHaveLength(2);
  expect(eventsNamed(events, 'ReplicationSucceeded')).toHaveLength(2);
});

test('a value put by hand is replicated, a pending one is not', async () => {
  const { client, clock, events } = await openCreated();
  await replicate(client, 'us-east-1');
  await clock.advance(MINUTE);
  events.length = 0;
  await put(client, V2, 'two', ['AWSPENDING']);
  expect(await shown(client)).toEqual(['us-east-1 InSync']);
  await put(client, '33333333-0000-4000-8000-000000000000', 'three');
  expect(await shown(client)).toEqual(['us-east-1 InProgress']);
});

test('a replication that fails says why, and is made again when asked for', async () => {
  const { client, clock, events, service } = await openCreated();
  service.configure(NAME, { replication: 'fails' });
  await replicate(client, 'us-east-1');
  await clock.advance(MINUTE);
  const { ReplicationStatus } = await describeIt(client);
  expect(ReplicationStatus).toMatchObject([
    { Status: 'Failed', StatusMessage: expect.stringMatching(/KMS/) },
  ]);
  expect(eventsNamed(events, 'ReplicationFailed')[0]?.detail['errorMessage']).toBe(
    ReplicationStatus?.[0]?.StatusMessage,
  );
  service.configure(NAME, { replication: 'works' });
  await clock.advance(HOUR);
  expect(await shown(client)).toEqual(['us-east-1 Failed']);
  await replicate(client, 'us-east-1');
  await clock.advance(MINUTE);
  expect(await shown(client)).toEqual(['us-east-1 InSync']);
});

test('a replication that hangs stays in progress until nothing is in the way', async () => {
  const { client, clock, service } = await openCreated();
  service.configure(NAME, { replication: 'hangs' });
  await replicate(client, 'us-east-1');
  await clock.advance(5 * HOUR);
  expect(await shown(client)).toEqual(['us-east-1 InProgress']);
  service.configure(NAME, { replication: 'works' });
  await clock.advance(MINUTE);
  expect(await shown(client)).toEqual(['us-east-1 InSync']);
});

test('RemoveRegionsFromReplication takes replicas away, also one under way, and lets the secret be deleted', async () => {
  const { client, clock, events } = await openCreated();
  await replicate(client, 'us-east-1', 'us-west-2');
  await expect(client.send(new DeleteSecretCommand({ SecretId: NAME }))).rejects.toThrow('replica regions');
  const remove = (...RemoveReplicaRegions: string[]) =>
    client.send(new RemoveRegionsFromReplicationCommand({ SecretId: NAME, RemoveReplicaRegions }));
  const answer = await remove('us-west-2', 'ap-south-1');
  expect(statuses(answer.ReplicationStatus)).toEqual(['us-east-1 InProgress']);
  expect(await remove('us-east-1')).not.toHaveProperty('ReplicationStatus');
  await clock.advance(MINUTE);
  expect(eventsNamed(events, 'ReplicationSucceeded')).toEqual([]);
  await client.send(new DeleteSecretCommand({ SecretId: NAME }));
});

test('StopReplicationToReplica makes a replica of this Region a secret of its own', async () => {
  const { client, service } = openService();
  const { arn } = service.seed({ name: NAME, kind: 'replica' });
  expect((await describeIt(client)).PrimaryRegion).toBe('us-east-1');
  const answer = await client.send(new StopReplicationToReplicaCommand({ SecretId: NAME }));
  expect(answer.ARN).toBe(arn);
  expect(await describeIt(client)).not.toHaveProperty('PrimaryRegion');
  await put(client, V2, 'two');
});

test.each([
  ['its own Region', ['eu-west-1'], 'region of the primary'],
  ['no Region at all', ['somewhere'], 'pattern'],
  ['none', [], 'greater than or equal to 1'],
])('ReplicateSecretToRegions refuses %s', async (_case, regions, reason) => {
  const { client } = await openCreated();
  await expect(replicate(client, ...regions)).rejects.toThrow(reason);
});

test('ReplicateSecretToRegions refuses a Region that has the replica, a replica, and a secret that is deleted', async () => {
  const { client, service } = await openCreated();
  await replicate(client, 'us-east-1');
  await expect(replicate(client, 'us-east-1')).rejects.toThrow('already replicated');
  await expect(client.send(new StopReplicationToReplicaCommand({ SecretId: NAME }))).rejects.toThrow(
    'not a replica',
  );
  const replica = service.seed({ name: 'replica', kind: 'replica' });
  const again = new ReplicateSecretToRegionsCommand({
    SecretId: replica.arn,
    AddReplicaRegions: [{ Region: 'us-west-2' }],
  });
  await expect(client.send(again)).rejects.toThrow('replica secret');
});

test('the history shows the replicas and who still reads AWSPREVIOUS, rotation functions left out', async () => {
  const { client, clock, service, clientOf } = await openRotated();
  await replicate(client, 'us-east-1');
  await rotate(client, V2);
  await clock.advance(2 * MINUTE);
  const last = () => service.history(NAME).at(-1);
  expect(last()).toMatchObject({ replicas: [{ region: 'us-east-1', status: 'InSync' }] });
  expect(last()?.previousReadOn).toBeUndefined();
  const read = { SecretId: NAME, VersionStage: 'AWSPREVIOUS' };
  await clientOf('rotator').send(new GetSecretValueCommand(read));
  expect(last()?.previousReadOn).toBeUndefined();
  await clientOf('app').send(new GetSecretValueCommand(read));
  expect(last()).toMatchObject({ previousReadOn: Date.parse('2026-11-02T00:00:00Z'), cause: 'call' });
});
