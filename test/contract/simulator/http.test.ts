import { request } from 'node:http';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import {
  CreateSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { instant } from '../../../src/calendar/instant.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import {
  LiveClock,
  RealClock,
  type SimulatorClock,
  VirtualClock,
} from '../../../src/simulator/time/clock.ts';
import { START } from '../../unit/simulator/open-account.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A simulator on a free port, and settings for SDK clients that call it over HTTP. */
async function open(clock: SimulatorClock = new VirtualClock(START)) {
  const simulator: Simulator = createSimulator({ clock, seed: 7 });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  closing.push(close, simulator.close);
  const settings = (role = 'operator') => ({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: role, secretAccessKey: 'simulated' },
    maxAttempts: 1,
  });
  return { simulator, endpoint, settings };
}

test('every service answers SDK clients over one port', async () => {
  const { simulator, settings } = await open();
  await new SecretsManagerClient(settings()).send(new CreateSecretCommand({ Name: 'db', SecretString: 'x' }));
  const { SecretList } = await new SecretsManagerClient(settings()).send(new ListSecretsCommand({}));
  expect(SecretList).toMatchObject([{ Name: 'db' }]);
  expect(SecretList?.[0]?.CreatedDate).toEqual(new Date(START));
  const Entries = [{ Source: 'shop', DetailType: 'Order', Detail: '{}' }];
  await expect(
    new EventBridgeClient(settings()).send(new PutEventsCommand({ Entries })),
  ).resolves.toMatchObject({
    FailedEntryCount: 0,
  });
  const MetricData = [{ MetricName: 'M', Value: 4 }];
  await new CloudWatchClient(settings()).send(new PutMetricDataCommand({ Namespace: 'N', MetricData }));
  expect(simulator.cloudWatch.last('M')).toBe(4);
  await expect(new STSClient(settings()).send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
    Account: '111122223333',
  });
});

test('logs, keys and databases answer over HTTP, a refusal in the words of its service', async () => {
  const { simulator, settings } = await open();
  simulator.logGroups.write('shop', 'one', { at: START, message: 'hello' });
  simulator.rds.place({ identifier: 'orders' });
  const logs = new CloudWatchLogsClient(settings());
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: 'shop' }));
  expect(events).toMatchObject([{ message: 'hello', timestamp: START }]);
  const { KeyMetadata } = await new KMSClient(settings()).send(
    new DescribeKeyCommand({ KeyId: 'alias/aws/secretsmanager' }),
  );
  expect(KeyMetadata?.CreationDate).toEqual(new Date(START));
  const rds = new RDSClient(settings());
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
  expect(DBInstances).toMatchObject([
    { DBInstanceIdentifier: 'orders', InstanceCreateTime: new Date(START) },
  ]);
  await expect(rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'x' }))).rejects.toMatchObject(
    { name: 'DBInstanceNotFoundFault', $metadata: { httpStatusCode: 404 } },
  );
});

test('DynamoDB answers over HTTP and is logged', async () => {
  const { simulator, settings } = await open();
  const db = new DynamoDBClient(settings('sweep'));
  const TableName = 'alerts';
  await db.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  await db.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' } } }));
  await expect(db.send(new ScanCommand({ TableName }))).resolves.toMatchObject({ Count: 1 });
  expect(simulator.callLog.counts('sweep')).toEqual({
    'dynamodb:CreateTable': 1,
    'dynamodb:PutItem': 1,
    'dynamodb:Scan': 1,
  });
});

test('queue URLs point to the port', async () => {
  const { endpoint, settings } = await open();
  const sqs = new SQSClient(settings());
  await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }));
  expect(QueueUrl).toBe(`${endpoint}/111122223333/q`);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'grüße' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages).toMatchObject([{ Body: 'grüße' }]);
});

test('SNS answers forms with XML', async () => {
  const { simulator, settings } = await open();
  const sns = new SNSClient(settings());
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'a@example.com' }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'grüße\n<&>', Subject: 'S' }));
  expect(simulator.sns.inbox).toMatchObject([{ message: 'grüße\n<&>', subject: 'S' }]);
});

test('the access key id names the role', async () => {
  const { simulator, settings } = await open();
  const { Arn } = await new STSClient(settings('on-rotation-event')).send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe('arn:aws:sts::111122223333:assumed-role/on-rotation-event/on-rotation-event');
  expect(simulator.callLog.roles()).toEqual(['on-rotation-event']);
});

test('Invoke answers over HTTP', async () => {
  const { simulator, endpoint } = await open();
  simulator.functions.register('f', (event) => ({ got: event }));
  const answered = await fetch(`${endpoint}/2015-03-31/functions/f/invocations?Qualifier=live`, {
    method: 'POST',
    body: '{"a":1}',
  });
  expect(answered.status).toBe(200);
  await expect(answered.json()).resolves.toEqual({ got: { a: 1 } });
  expect(simulator.callLog.roles()).toEqual(['anonymous']);
});

test('a large metric request that the client packs is unpacked', async () => {
  const { simulator, settings } = await open();
  const MetricData = Array.from({ length: 1000 }, (_, index) => ({
    MetricName: `Metric${index}`,
    Value: index,
  }));
  await new CloudWatchClient(settings()).send(new PutMetricDataCommand({ Namespace: 'N', MetricData }));
  expect(simulator.cloudWatch.last('Metric999')).toBe(999);
});

test('a body of 2 MiB is read and a larger one refused before it is whole', async () => {
  const { endpoint } = await open();
  const post = (length: number) =>
    fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.ListQueues' },
      body: `{"x":"${'x'.repeat(length - 8)}"}`,
    });
  expect((await post(2 * 1024 * 1024)).status).toBe(200);
  const status = await statusOf(endpoint, 3 * 1024 * 1024);
  expect(status).toBe(413);
});

/** Status of a request whose body is announced with `length` bytes and sent in part only. */
function statusOf(endpoint: string, length: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', headers: { 'content-length': length } }, (response) => {
      resolve(response.statusCode);
      response.resume();
      sent.destroy();
    });
    sent.on('error', reject);
    sent.write('x'.repeat(length - 1));
  });
}

test.each(['GET', 'PUT', 'DELETE'])('a %s request that no service knows is refused', async (method) => {
  const { endpoint } = await open();
  const answered = await fetch(`${endpoint}/nowhere`, { method });
  expect(answered.status).toBe(404);
  await expect(answered.json()).resolves.toMatchObject({ __type: 'UnknownOperationException' });
});

test('a call without an answer breaks the connection', async () => {
  const { simulator, settings } = await open();
  simulator.faults.add({ kind: 'timeout', probability: 1 });
  await expect(new STSClient(settings()).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
});

test('a mistake in an operation is an InternalFailure with status 500', async () => {
  const { simulator, settings } = await open();
  simulator.faults.before(() => {
    throw new RangeError('planted');
  });
  await expect(
    new SQSClient(settings()).send(new GetQueueUrlCommand({ QueueName: 'q' })),
  ).rejects.toMatchObject({
    name: 'InternalFailure',
    message: expect.stringContaining('planted'),
    $metadata: { httpStatusCode: 500 },
  });
});

test('a long poll on the real clock ends when a message comes', async () => {
  const { simulator, settings } = await open(new RealClock());
  const sqs = new SQSClient(settings());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const polled = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  setTimeout(() => simulator.queues.find('q').send({ body: 'late' }), 50);
  await expect(polled).resolves.toMatchObject({ Messages: [{ Body: 'late' }] });
});

test('a long poll on a clock that went live waits for a message', async () => {
  const clock = new LiveClock(instant(Date.now()), new RealClock());
  const { simulator, settings } = await open(clock);
  onTestFinished(() => clock.stop());
  await clock.goLive();
  const sqs = new SQSClient(settings());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const polled = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  setTimeout(() => simulator.queues.find('q').send({ body: 'late' }), 50);
  await expect(polled).resolves.toMatchObject({ Messages: [{ Body: 'late' }] });
});

test('a long poll on the real clock ends without a message when its time is over', async () => {
  const { settings } = await open(new RealClock());
  const sqs = new SQSClient(settings());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
  expect(Messages).toBeUndefined();
});

test('Scheduler answers over HTTP, with names in the path and the query, and is logged', async () => {
  const { simulator, settings } = await open();
  const scheduler = new SchedulerClient(settings('sweep'));
  await scheduler.send(new CreateScheduleGroupCommand({ Name: 'g' }));
  const target = {
    Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:f',
    RoleArn: 'arn:aws:iam::111122223333:role/scheduler',
  };
  const schedule = {
    Name: 'a.b_c-1',
    GroupName: 'g',
    ScheduleExpression: 'at(2026-12-01T00:00:00)',
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    Target: target,
  };
  await scheduler.send(new CreateScheduleCommand(schedule));
  const { Schedules } = await scheduler.send(new ListSchedulesCommand({ GroupName: 'g' }));
  expect(Schedules?.map(({ Name }) => Name)).toEqual(['a.b_c-1']);
  const named = { Name: 'a.b_c-1', GroupName: 'g' };
  const shown = await scheduler.send(new GetScheduleCommand(named));
  expect(shown).toMatchObject({ ...named, CreationDate: new Date(START), Target: target });
  await scheduler.send(new DeleteScheduleCommand(named));
  await expect(scheduler.send(new GetScheduleCommand(named))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Schedule a.b_c-1 does not exist.',
  });
  expect(simulator.callLog.counts('sweep')).toEqual({
    'scheduler:CreateScheduleGroup': 1,
    'scheduler:CreateSchedule': 1,
    'scheduler:ListSchedules': 1,
    'scheduler:GetSchedule': 2,
    'scheduler:DeleteSchedule': 1,
  });
});

test('a port that is taken is an error', async () => {
  const { simulator, endpoint } = await open();
  await expect(simulator.listen({ port: Number(new URL(endpoint).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

test('close frees the port', async () => {
  const simulator = createSimulator({ clock: new VirtualClock(START), seed: 7 });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  await close();
  await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
  await simulator.close();
});
