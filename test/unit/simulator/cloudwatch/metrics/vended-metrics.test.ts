import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutDashboardCommand,
} from '@aws-sdk/client-cloudwatch';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
import { clientOf, openAccount, START } from '../../open-account.ts';

function open() {
  const account = openAccount();
  const client = new CloudWatchClient(clientOf(account));
  const values = async (
    [Namespace, MetricName]: readonly [string, string],
    dimensions: Readonly<Record<string, string>>,
    statistic: 'Sum' | 'Maximum' = 'Sum',
  ) => {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(START),
        EndTime: new Date(account.clock.now() + MINUTE),
        Period: 60,
        Statistics: [statistic],
      }),
    );
    return Datapoints.map((point) => point[statistic]);
  };
  const look = () =>
    client.send(new PutDashboardCommand({ DashboardName: 'any', DashboardBody: '{"widgets":[]}' }));
  return { account, values, look };
}

test('calls of Secrets Manager are counted by operation', async () => {
  const { account, values } = open();
  const secrets = new SecretsManagerClient(clientOf(account));
  await secrets.send(new ListSecretsCommand({}));
  await secrets.send(new ListSecretsCommand({}));
  const dimensions = { Type: 'API', Resource: 'ListSecrets', Service: 'Secrets Manager', Class: 'None' };
  expect(await values(['AWS/Usage', 'CallCount'], dimensions)).toEqual([2]);
});

test('runs of functions are counted, failed ones as errors too', async () => {
  const { account, values } = open();
  account.functions.register('flaky', (event) => {
    if (event === 'fail') throw new Error('failed');
  });
  await account.functions.invoke('flaky', 'go');
  await expect(account.functions.invoke('flaky', 'fail')).rejects.toThrow('failed');
  const of = (name: string) => values(['AWS/Lambda', name], { FunctionName: 'flaky' });
  expect([await of('Invocations'), await of('Errors'), await of('Throttles')]).toEqual([[2], [1], [0]]);
});

test('a queue shows how long its oldest message has waited, while somebody looks', async () => {
  const { account, values, look } = open();
  const sqs = new SQSClient(clientOf(account));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
  await account.clock.advance(MINUTE);
  const age = () => values(['AWS/SQS', 'ApproximateAgeOfOldestMessage'], { QueueName: 'work' }, 'Maximum');
  expect(await age()).toEqual([]);
  await look();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await account.clock.advance(3 * MINUTE);
  expect(await age()).toEqual([60, 120, 180]);
  expect(await values(['AWS/SQS', 'ApproximateNumberOfMessagesVisible'], { QueueName: 'work' })).toEqual([
    1, 1, 1,
  ]);
});

test('a queue that nobody has used for six hours publishes nothing', async () => {
  const { account, values, look } = open();
  await new SQSClient(clientOf(account)).send(new CreateQueueCommand({ QueueName: 'idle' }));
  await look();
  await account.clock.advance(7 * HOUR);
  expect(await values(['AWS/SQS', 'ApproximateNumberOfMessagesVisible'], { QueueName: 'idle' })).toHaveLength(
    360,
  );
});
