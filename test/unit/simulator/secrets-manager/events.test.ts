import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { DAY, SECOND } from '../../../../src/calendar/instant.ts';
import {
  describeIt,
  eventsNamed,
  NAME,
  namesOf,
  openCreated,
  openRotated,
  put,
  rotate,
  V1,
  V2,
  V3,
} from './support.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a rotation event has the shape of the published ones', async () => {
  const { client, clock, events, arn } = await openRotated();
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  const [event] = eventsNamed(events, 'RotationSucceeded');
  const time = expect.stringMatching(/^2026-11-02T10:00:\d\dZ$/);
  expect(event).toEqual({
    version: '0',
    id: expect.stringMatching(UUID),
    'detail-type': 'AWS Service Event via CloudTrail',
    source: 'aws.secretsmanager',
    account: '111122223333',
    time,
    region: 'eu-west-1',
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: { accountId: '111122223333', invokedBy: 'secretsmanager.amazonaws.com' },
      eventTime: time,
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'RotationSucceeded',
      awsRegion: 'eu-west-1',
      sourceIPAddress: 'secretsmanager.amazonaws.com',
      userAgent: 'secretsmanager.amazonaws.com',
      requestParameters: null,
      responseElements: null,
      additionalEventData: { SecretId: arn },
      requestID: `Rotation-${arn}-${V2}`,
      eventID: expect.stringMatching(UUID),
      readOnly: false,
      eventType: 'AwsServiceEvent',
      managementEvent: true,
      recipientAccountId: '111122223333',
      eventCategory: 'Management',
    },
  });
});

test('RotationFailed carries its reason at the top of the detail and no errorCode', async () => {
  const { client, clock, events } = await openRotated({ behaviour: 'error' });
  await rotate(client, V2);
  await clock.advance(30 * SECOND);
  const [failed] = eventsNamed(events, 'RotationFailed');
  expect(failed?.detail['errorMessage']).toContain('Error when executing lambda');
  expect(failed?.detail).not.toHaveProperty('errorCode');
});

test('an API call records who called, what was asked and what was answered', async () => {
  const { client, events, arn } = await openRotated();
  const rules = { ScheduleExpression: 'rate(10 days)', Duration: '3h' };
  await client.send(
    new RotateSecretCommand({ SecretId: NAME, ClientRequestToken: V2, RotationRules: rules }),
  );
  const [event] = eventsNamed(events, 'RotateSecret');
  expect(event?.['detail-type']).toBe('AWS API Call via CloudTrail');
  expect(event?.detail).toMatchObject({
    userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/operator/simulated' },
    requestParameters: {
      secretId: NAME,
      clientRequestToken: V2,
      rotationRules: { scheduleExpression: 'rate(10 days)', duration: '3h' },
    },
    responseElements: { arn, name: NAME, versionId: V2 },
    readOnly: false,
    eventType: 'AwsApiCall',
  });
});

test('a refused call is recorded with its code, its message and no answer', async () => {
  const { client, events } = await openRotated();
  await rotate(client, V2);
  await expect(rotate(client, V3)).rejects.toThrow();
  expect(eventsNamed(events, 'RotateSecret').at(1)?.detail).toMatchObject({
    errorCode: 'InvalidRequestException',
    errorMessage: "A previous rotation isn't complete. That rotation will be reattempted.",
    requestParameters: { secretId: NAME, clientRequestToken: V3 },
    responseElements: null,
  });
});

test('reads are not sent', async () => {
  const { client, events } = await openCreated();
  events.length = 0;
  await client.send(new GetSecretValueCommand({ SecretId: NAME }));
  await client.send(new ListSecretsCommand({}));
  await describeIt(client);
  expect(events).toEqual([]);
});

test('the native event reports AWSCURRENT and custom labels only', async () => {
  const { client, events, arn } = await openCreated();
  await put(client, V2, 'two', ['AWSPENDING']);
  await put(client, V3, 'three', ['AWSCURRENT', 'BLUE']);
  const native = events.filter((event) => event['detail-type'] === 'Secret Label Updated');
  expect(native.map(({ detail }) => detail)).toEqual([
    { name: NAME, labelUpdated: 'AWSCURRENT', versionId: V1 },
    { name: NAME, labelUpdated: 'AWSCURRENT', versionId: V3 },
    { name: NAME, labelUpdated: 'BLUE', versionId: V3 },
  ]);
  expect(native[0]).toMatchObject({ source: 'aws.secretsmanager', resources: [arn] });
});

test('DeleteSecret answers its date in the localised form', async () => {
  const { client, events, arn } = await openCreated();
  await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }));
  expect(eventsNamed(events, 'DeleteSecret').at(0)?.detail['responseElements']).toEqual({
    arn,
    name: NAME,
    deletionDate: 'Nov 9, 2026, 10:00:00 AM',
  });
});

test('the purge after the recovery window is reported once per version', async () => {
  const { client, clock, events, arn } = await openCreated();
  await put(client, V2, 'two');
  await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }));
  await clock.advance(7 * DAY);
  expect(eventsNamed(events, 'StartSecretVersionDelete')).toHaveLength(2);
  expect(eventsNamed(events, 'EndSecretVersionDelete').at(0)?.detail).toMatchObject({
    additionalEventData: { ARN: arn, Name: NAME },
    requestID: `SecretDeleteMessage:${arn}:2026-11-09T10:00:00Z`,
  });
  await expect(describeIt(client)).rejects.toThrow("can't find the specified secret");
});

test('a restored secret rescues each of its versions', async () => {
  const { client, events } = await openCreated();
  await put(client, V2, 'two');
  await client.send(new DeleteSecretCommand({ SecretId: NAME }));
  await client.send(new RestoreSecretCommand({ SecretId: NAME }));
  expect(namesOf(events).slice(-3)).toEqual([
    'RestoreSecret',
    'CancelSecretVersionDelete',
    'CancelSecretVersionDelete',
  ]);
});

test('tags are recorded in camel case and answered with nothing', async () => {
  const { client, events } = await openCreated();
  await client.send(new TagResourceCommand({ SecretId: NAME, Tags: [{ Key: 'team', Value: 'payments' }] }));
  expect(eventsNamed(events, 'TagResource').at(0)?.detail).toMatchObject({
    requestParameters: { secretId: NAME, tags: [{ key: 'team', value: 'payments' }] },
    responseElements: null,
  });
});

test('no event ever carries a secret value or a rotation token', async () => {
  const { client, clock, events } = await openRotated({ behaviour: 'flaky', step: 'testSecret' });
  const planted = 'planted-5f1c2a9e';
  await put(client, V2, planted);
  await client.send(new UpdateSecretCommand({ SecretId: NAME, SecretString: planted }));
  await client.send(new UpdateSecretCommand({ SecretId: NAME, SecretBinary: Buffer.from(planted) }));
  await clock.advance(100 * DAY);
  const told = JSON.stringify(events);
  expect(eventsNamed(events, 'PutSecretValue').length).toBeGreaterThan(1);
  expect(told).not.toContain(planted);
  expect(told).not.toContain(Buffer.from(planted).toString('base64'));
  expect(told).not.toMatch(/"(secretString|secretBinary|rotationToken|password)"/i);
});

test('the oldest deprecated version is purged when there are too many, and that is reported', async () => {
  const { client, clock, events } = await openCreated();
  for (let index = 0; index < 100; index++) {
    await clock.advance(DAY);
    await put(client, `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`, `value ${index}`);
  }
  expect(eventsNamed(events, 'SecretVersionDeletion')).toHaveLength(1);
});
