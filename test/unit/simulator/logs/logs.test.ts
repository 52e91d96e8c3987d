import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../src/calendar/instant.ts';
import { parseFilterPattern } from '../../../../src/simulator/logs/log-events.ts';
import { clientOf, openAccount, START } from '../open-account.ts';

const logGroupName = 'shop/app';
const logStreamName = 'one';

async function open() {
  const account = openAccount();
  const logs = new CloudWatchLogsClient(clientOf(account));
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const write = (...messages: readonly string[]) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: messages.map((message, index) => ({ timestamp: START + index * MINUTE, message })),
      }),
    );
  return { account, logs, write };
}

describe('groups and streams', () => {
  test('are listed by name, a page at a time', async () => {
    const { logs } = await open();
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'shop/web' }));
    const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'shop/', limit: 1 }));
    expect(first.logGroups).toMatchObject([
      { logGroupName, arn: `arn:aws:logs:eu-west-1:111122223333:log-group:${logGroupName}:*` },
    ]);
    const { nextToken } = first;
    const next = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: 'shop/', limit: 1, nextToken }),
    );
    expect(next.logGroups?.map((each) => each.logGroupName)).toEqual(['shop/web']);
    expect(next.nextToken).toBeUndefined();
    const found = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'WEB' }));
    expect(found.logGroups).toHaveLength(1);
  });

  test('streams are ordered by name or by their last event', async () => {
    const { logs, write } = await open();
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'two' }));
    await write('x');
    const names = async (orderBy: 'LogStreamName' | 'LastEventTime', descending: boolean) =>
      (await logs.send(new DescribeLogStreamsCommand({ logGroupName, orderBy, descending }))).logStreams?.map(
        (each) => each.logStreamName,
      );
    expect(await names('LogStreamName', true)).toEqual(['two', 'one']);
    expect(await names('LastEventTime', true)).toEqual(['one', 'two']);
  });

  test('what is there cannot be made again, and what is not cannot be read', async () => {
    const { logs } = await open();
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    await expect(logs.send(new FilterLogEventsCommand({ logGroupName }))).rejects.toThrow(
      'The specified log group does not exist.',
    );
  });
});

describe('events', () => {
  test('are filtered by time, stream and pattern, a page at a time', async () => {
    const { logs, write } = await open();
    await write('INFO fine', '[ERROR] broken', '[ERROR] broken again');
    const filter = { logGroupName, filterPattern: 'ERROR', startTime: START, logStreamNames: ['one'] };
    const first = await logs.send(new FilterLogEventsCommand({ ...filter, limit: 1 }));
    expect(first.events).toMatchObject([
      { message: '[ERROR] broken', timestamp: START + MINUTE, logStreamName },
    ]);
    const { nextToken } = first;
    const second = await logs.send(new FilterLogEventsCommand({ ...filter, limit: 1, nextToken }));
    expect(second.events?.[0]?.message).toBe('[ERROR] broken again');
    const early = await logs.send(new FilterLogEventsCommand({ ...filter, endTime: START + MINUTE }));
    expect(early.events).toEqual([]);
  });

  test('of one stream are read from the end or from the head, and on from there', async () => {
    const { logs, write } = await open();
    await write('a', 'b', 'c');
    const get = (rest: object) =>
      logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, ...rest }));
    expect((await get({ limit: 2 })).events?.map(({ message }) => message)).toEqual(['b', 'c']);
    const head = await get({ limit: 2, startFromHead: true });
    expect(head.events?.map(({ message }) => message)).toEqual(['a', 'b']);
    const rest = await get({ nextToken: head.nextForwardToken });
    expect(rest.events?.map(({ message }) => message)).toEqual(['c']);
    const over = await get({ nextToken: rest.nextForwardToken });
    expect(over).toMatchObject({ events: [], nextForwardToken: rest.nextForwardToken });
    await expect(get({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('a group is named once, by name or ARN', async () => {
    const { logs, write } = await open();
    await write('a');
    const logGroupIdentifier = `arn:aws:logs:eu-west-1:111122223333:log-group:${logGroupName}`;
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupIdentifier }));
    expect(events).toHaveLength(1);
    await expect(
      logs.send(new FilterLogEventsCommand({ logGroupIdentifier, logGroupName })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

test.each([
  ['', 'anything', true],
  ['ERROR', '[ERROR] x', true],
  ['ERROR', 'error', false],
  ['ERROR Exception', 'ERROR: Exception', true],
  ['ERROR Exception', 'ERROR', false],
  ['?ERROR ?WARN', 'WARN', true],
  ['?ERROR ?WARN', 'INFO', false],
  ['ERROR -retry', 'ERROR retry', false],
  ['"Task timed out"', 'x Task timed out after 3.00 seconds', true],
  ['"say \\"no\\""', 'they say "no"', true],
  ['-"Task timed out"', 'x Task timed out', false],
])('the pattern %s and the line "%s": %s', (pattern, message, expected) => {
  expect(parseFilterPattern(pattern)(message)).toBe(expected);
});

test.each(['{ $.level = "ERROR" }', '[a, b]', '%x%', '"open', 'a(b'])(
  'the pattern %s is refused',
  (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow('Invalid filter pattern');
  },
);

describe('rotation functions', () => {
  const SecretId = 'app/db';

  function rotating(step?: 'testSecret') {
    const account = openAccount();
    const behaviour = step === undefined ? 'healthy' : 'error';
    account.secretsManager.functions.register({ name: 'rotate', behaviour, ...(step && { step }) });
    account.secretsManager.seed({ name: SecretId, kind: 'function', function: 'rotate', schedule: 30 });
    const lines = async (group: string, filterPattern = '') => {
      const logs = new CloudWatchLogsClient(clientOf(account));
      const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: group, filterPattern }));
      return events?.map(({ message }) => message ?? '') ?? [];
    };
    const rotate = () =>
      new SecretsManagerClient(clientOf(account)).send(new RotateSecretCommand({ SecretId }));
    return { account, lines, rotate };
  }

  test('write what they did, step by step', async () => {
    const { account, lines, rotate } = rotating();
    await rotate();
    await account.clock.advance(MINUTE);
    const written = await lines('/aws/lambda/rotate', 'INFO');
    expect(written.map((line) => line.split('\t').at(-1)?.slice(0, 40).trim())).toEqual([
      expect.stringMatching(/^createSecret: Successfully put secret/),
      expect.stringMatching(/^setSecret: Successfully set password/),
      expect.stringMatching(/^testSecret: Successfully signed into DB/),
      expect.stringMatching(/^finishSecret: Successfully set AWSCURR/),
    ]);
    expect(await lines('/aws/lambda/rotate', 'START')).toHaveLength(4);
    expect(await lines('/aws/lambda/rotate', 'REPORT')).toHaveLength(4);
  });

  test('write why they failed, and nothing of a value', async () => {
    const { account, lines, rotate } = rotating('testSecret');
    await rotate();
    await account.clock.advance(MINUTE);
    expect((await lines('/aws/lambda/rotate', 'ValueError'))[0]).toMatch(
      /^\[ERROR\] ValueError: testSecret: /,
    );
    const answer = await new SecretsManagerClient(clientOf(account))
      .send(new RotateSecretCommand({ SecretId }))
      .catch((error: unknown) => String(error));
    expect(answer).toContain("A previous rotation isn't complete");
    const values = [...(await lines('/aws/lambda/rotate'))].join('');
    expect(values).not.toContain('password"');
  });

  test('write to the group that their configuration names', async () => {
    const { account, lines, rotate } = rotating();
    const lambda = new LambdaClient(clientOf(account));
    const LoggingConfig = { LogGroup: 'teams/shop' };
    const { LoggingConfig: shown } = await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'rotate', LoggingConfig }),
    );
    expect(shown).toEqual({ LogFormat: 'Text', LogGroup: 'teams/shop' });
    await rotate();
    await account.clock.advance(MINUTE);
    expect(await lines('teams/shop', 'finishSecret')).toHaveLength(1);
    expect(await lines('/aws/lambda/rotate')).toEqual([]);
  });

  test('write when an operator invokes them, too', async () => {
    const { account, lines } = rotating();
    const Payload = JSON.stringify({ Step: 'testSecret', SecretId, ClientRequestToken: 'x'.repeat(32) });
    await new LambdaClient(clientOf(account)).send(
      new InvokeCommand({ FunctionName: 'rotate', Payload: Buffer.from(Payload) }),
    );
    expect((await lines('/aws/lambda/rotate', 'ERROR'))[0]).toContain('has no stage for rotation');
  });

  test('a group keeps its last ten thousand lines at least, and no year of them', async () => {
    const { account } = rotating();
    for (let index = 0; index < 25_000; index++) {
      account.logGroups.write('g', 's', { at: START, message: `line ${index}` });
    }
    const { events } = account.logGroups.find('g');
    expect(events.length).toBeGreaterThanOrEqual(10_000);
    expect(events.length).toBeLessThanOrEqual(20_000);
    expect(events.at(-1)?.message).toBe('line 24999');
  });

  test('a stream holds a day', async () => {
    const { account, rotate } = rotating();
    await rotate();
    await account.clock.advance(24 * HOUR);
    await rotate();
    await account.clock.advance(MINUTE);
    expect([...account.logGroups.find('/aws/lambda/rotate').streams.keys()]).toEqual([
      expect.stringMatching(/^2026\/11\/21\/\[\$LATEST\][0-9a-f]{32}$/),
      expect.stringMatching(/^2026\/11\/22\/\[\$LATEST\][0-9a-f]{32}$/),
    ]);
  });
});
