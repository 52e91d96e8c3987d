import {
  CloudTrailClient,
  LookupEventsCommand,
  type LookupEventsCommandInput,
  type LookupEventsCommandOutput,
} from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import { DAY, formatInstant, MINUTE } from '../../../../src/calendar/instant.ts';
import { clientOf, type OpenAccount, openAccount, START } from '../open-account.ts';

const SecretId = 'app/db';

type LookUp = (input?: LookupEventsCommandInput) => Promise<LookupEventsCommandOutput>;

function open(): { account: OpenAccount; lookUp: LookUp } {
  const account = openAccount();
  account.secretsManager.functions.register({ name: 'rotator', behaviour: 'error', step: 'setSecret' });
  account.secretsManager.seed({ name: SecretId, kind: 'function', function: 'rotator', schedule: 30 });
  const client = new CloudTrailClient(clientOf(account));
  return { account, lookUp: (input = {}) => client.send(new LookupEventsCommand(input)) };
}

const by = (
  AttributeKey: 'EventName' | 'ResourceName' | 'EventId' | 'EventSource',
  AttributeValue: string,
) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});

/** A record of a service that is not simulated. */
const record = (index: number, at = START + index) => ({
  eventTime: formatInstant(at as typeof START),
  eventSource: 'kms.amazonaws.com',
  eventName: 'PutKeyPolicy',
  eventID: `event-${index}`,
  readOnly: false,
  userIdentity: { arn: 'arn:aws:iam::111122223333:user/alice', userName: 'alice' },
  requestParameters: { keyId: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
});

describe('LookupEvents', () => {
  test('finds what the bus got and what Lambda was asked to change, newest first, after a while', async () => {
    const { account, lookUp } = open();
    await account.call(
      'secretsmanager',
      'RotateSecret',
      { SecretId, ClientRequestToken: 'a'.repeat(36) },
      'operator',
    );
    await account.clock.advance(30_000);
    await account.call('lambda', 'UpdateFunctionCode', { FunctionName: 'rotator' }, 'deployer');
    expect((await lookUp()).Events).toEqual([]);
    await account.clock.advance(5 * MINUTE);
    const { Events = [] } = await lookUp();
    const names = Events.filter(({ ReadOnly }) => ReadOnly === 'false')
      .map(({ EventName }) => EventName)
      .filter((name) => name !== 'PutSecretValue');
    expect(names.slice(-4)).toEqual([
      'UpdateFunctionCode20150331v2',
      'RotationFailed',
      'RotationStarted',
      'RotateSecret',
    ]);
    const times = Events.map(({ EventTime }) => EventTime?.getTime() ?? 0);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test('gives the record as JSON text, with the caller, the resources and the key that signed', async () => {
    const { account, lookUp } = open();
    account.cloudTrail.setLag(0);
    await account.call(
      'lambda',
      'PutFunctionConcurrency',
      { FunctionName: 'rotator', ReservedConcurrentExecutions: 0 },
      'deployer',
    );
    const [event] = (await lookUp()).Events ?? [];
    expect(event).toMatchObject({
      EventName: 'PutFunctionConcurrency20171031',
      EventSource: 'lambda.amazonaws.com',
      ReadOnly: 'false',
      Username: 'deployer',
      Resources: [{ ResourceType: 'AWS::Lambda::Function', ResourceName: 'rotator' }],
    });
    expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
      userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/deployer/deployer' },
      requestParameters: { functionName: 'rotator', reservedConcurrentExecutions: 0 },
    });
  });

  test('holds reads and the use of keys, which soon fill a page, by default', async () => {
    const { account, lookUp } = open();
    account.cloudTrail.setLag(0);
    account.secretsManager.seed({ name: 'read/often', kind: 'none' });
    const read = () =>
      account.call('secretsmanager', 'GetSecretValue', { SecretId: 'read/often' }, 'application');
    account.cloudTrail.keepReads(false);
    await read();
    expect((await lookUp()).Events).toEqual([]);
    account.cloudTrail.keepReads(true);
    await read();
    const put = { SecretId: 'read/often', SecretString: 'new', ClientRequestToken: 'b'.repeat(36) };
    await account.call('secretsmanager', 'PutSecretValue', put, 'application');
    await account
      .call('secretsmanager', 'DescribeSecret', { SecretId: 'nowhere' }, 'application')
      .catch(() => undefined);
    const { Events = [] } = await lookUp();
    expect(Events.map(({ EventName, EventSource, ReadOnly }) => [EventName, EventSource, ReadOnly])).toEqual(
      expect.arrayContaining([
        ['GetSecretValue', 'secretsmanager.amazonaws.com', 'true'],
        ['Decrypt', 'kms.amazonaws.com', 'true'],
        ['GenerateDataKey', 'kms.amazonaws.com', 'true'],
        ['DescribeSecret', 'secretsmanager.amazonaws.com', 'true'],
      ]),
    );
    const refused = Events.find(({ EventName }) => EventName === 'DescribeSecret');
    expect(JSON.parse(refused?.CloudTrailEvent ?? '')).toMatchObject({
      errorCode: 'ResourceNotFoundException',
      managementEvent: true,
    });
  });

  test('never shows the environment of a function', async () => {
    const { account, lookUp } = open();
    account.cloudTrail.setLag(0);
    const Environment = { Variables: { PASSWORD: 'planted-token' } };
    await account.call(
      'lambda',
      'UpdateFunctionConfiguration',
      { FunctionName: 'rotator', Environment },
      'deployer',
    );
    expect(JSON.stringify((await lookUp()).Events)).not.toContain('planted-token');
  });

  test.each([
    ['EventName', 'RotationFailed', 1],
    ['EventName', 'RotationSucceeded', 0],
    ['EventSource', 'secretsmanager.amazonaws.com', 9],
    ['ResourceName', SecretId, 1],
  ] as const)('filters by %s %s', async (key, value, count) => {
    const { account, lookUp } = open();
    account.cloudTrail.setLag(0);
    await account.call(
      'secretsmanager',
      'RotateSecret',
      { SecretId, ClientRequestToken: 'a'.repeat(36) },
      'operator',
    );
    await account.clock.advance(30_000);
    expect((await lookUp(by(key, value))).Events).toHaveLength(count);
  });

  test('finds a refused call, with the reason in its record', async () => {
    const { account, lookUp } = open();
    account.cloudTrail.setLag(0);
    await account
      .call('lambda', 'DeleteFunction', { FunctionName: 'none' }, 'deployer')
      .catch(() => undefined);
    const [event] = (await lookUp(by('EventName', 'DeleteFunction20150331'))).Events ?? [];
    expect(JSON.parse(event?.CloudTrailEvent ?? '').errorCode).toBe('ResourceNotFoundException');
  });

  test('gives fifty at most, and the rest by a token that belongs to the question', async () => {
    const { account, lookUp } = open();
    for (let index = 0; index < 60; index++) account.cloudTrail.record(record(index * 1000));
    await account.clock.advance(10 * MINUTE);
    const first = await lookUp();
    expect(first.Events).toHaveLength(50);
    const rest = await lookUp({ NextToken: first.NextToken });
    expect(rest.Events).toHaveLength(10);
    expect(rest.NextToken).toBeUndefined();
    const other = lookUp({ ...by('EventName', 'PutKeyPolicy'), NextToken: first.NextToken });
    await expect(other).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  });

  test('keeps to the time asked for, both ends included', async () => {
    const { account, lookUp } = open();
    for (let index = 0; index < 5; index++) account.cloudTrail.record(record(index * 1000));
    await account.clock.advance(10 * MINUTE);
    const { Events = [] } = await lookUp({
      StartTime: new Date(START + 1000),
      EndTime: new Date(START + 3000),
    });
    expect(Events.map(({ EventId }) => EventId)).toEqual(['event-3000', 'event-2000', 'event-1000']);
  });

  test('forgets after ninety days', async () => {
    const { account, lookUp } = open();
    account.cloudTrail.record(record(0));
    await account.clock.advance(92 * DAY);
    account.cloudTrail.record(record(1, account.clock.now()));
    account.cloudTrail.setLag(0);
    const { Events = [] } = await lookUp(by('EventName', 'PutKeyPolicy'));
    expect(Events.map(({ EventId }) => EventId)).toEqual(['event-1']);
  });

  test.each([
    [{ MaxResults: 51 }, 'InvalidMaxResultsException'],
    [{ StartTime: new Date(START + 1000), EndTime: new Date(START) }, 'InvalidTimeRangeException'],
    [
      {
        LookupAttributes: [by('EventName', 'a'), by('EventName', 'b')].flatMap(
          (each) => each.LookupAttributes,
        ),
      },
      'InvalidLookupAttributesException',
    ],
  ])('refuses %j', async (input, name) => {
    await expect(open().lookUp(input)).rejects.toMatchObject({ name });
  });

  test('answers two requests a second in the long run', async () => {
    const { account, lookUp } = open();
    account.cloudTrail.setRate({ perSecond: 2, burst: 2 });
    await lookUp();
    await lookUp();
    await expect(lookUp()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await account.clock.advance(500);
    await lookUp();
    await expect(lookUp()).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});
