import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { HOUR } from '../../../../src/calendar/instant.ts';
import { clientOf, type OpenAccount, openAccount, START } from '../open-account.ts';

/** Options of clients that leave out the wire formats, where the account has them do so. */
function optionsOf(account: OpenAccount) {
  const { protocol } = account;
  return { ...clientOf(account), ...(protocol === undefined ? {} : { protocol }) };
}

const text = (value: string): { readonly S: string } => ({ S: value });

/** The results of calls of each service that the monitor calls, one after the other; of a failure its name and message. */
async function results(account: OpenAccount): Promise<readonly unknown[]> {
  const options = optionsOf(account);
  const tables = new DynamoDBClient(options);
  const secrets = new SecretsManagerClient(options);
  const queues = new SQSClient(options);
  const topics = new SNSClient(options);
  const metrics = new CloudWatchClient(options);
  const found: unknown[] = [];
  const of = async <T>(answer: Promise<T>): Promise<T | undefined> => {
    try {
      const given = await answer;
      found.push(given);
      return given;
    } catch (error) {
      const { name, message, $fault, $metadata } = Object(error);
      found.push({ kind: Object(error).constructor.name, name, message, $fault, $metadata });
      return undefined;
    }
  };
  const table = { TableName: 'states' };
  const condition = 'attribute_not_exists(pk)';
  await of(
    tables.send(
      new CreateTableCommand({
        ...table,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      }),
    ),
  );
  const Item = {
    pk: text('a'),
    count: { N: '1.50' },
    list: { L: [{ BOOL: true }, { NULL: true as const }] },
  };
  const put = { ...table, Item, ConditionExpression: condition, ReturnValues: undefined };
  await of(tables.send(new PutItemCommand(put)));
  await of(tables.send(new PutItemCommand(put)));
  await of(tables.send(new GetItemCommand({ ...table, Key: { pk: text('a') } })));
  await of(tables.send(new GetItemCommand({ TableName: 'nowhere', Key: { pk: text('a') } })));
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': text('a') } };
  await of(tables.send(new QueryCommand({ ...table, ...query })));
  const tagged = { Name: 'app/db', SecretString: 'x', Tags: [{ Key: 'team', Value: 'a' }] };
  await of(secrets.send(new CreateSecretCommand({ ...tagged, ClientRequestToken: 'a'.repeat(32) })));
  await of(secrets.send(new DescribeSecretCommand({ SecretId: 'app/db' })));
  await of(secrets.send(new ListSecretsCommand({ MaxResults: 100 })));
  await of(secrets.send(new DescribeSecretCommand({ SecretId: 'gone' })));
  const queue = await of(queues.send(new CreateQueueCommand({ QueueName: 'q' })));
  const QueueUrl = queue?.QueueUrl;
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'wake' } };
  await of(queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'é"\\', MessageAttributes })));
  const asked = { QueueUrl, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All' as const] };
  await of(queues.send(new ReceiveMessageCommand(asked)));
  await of(queues.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}s`, MessageBody: 'x' })));
  const Tags = [{ Key: 'team', Value: 'a' }];
  const topic = await of(
    topics.send(new CreateTopicCommand({ Name: 't', Attributes: { DisplayName: 'x' }, Tags })),
  );
  const ofTopic = { TopicArn: topic?.TopicArn };
  await of(topics.send(new ListSubscriptionsByTopicCommand(ofTopic)));
  const mail = { Protocol: 'email', Endpoint: 'oncall@example.com', ReturnSubscriptionArn: true };
  await of(topics.send(new SubscribeCommand({ ...ofTopic, ...mail })));
  await of(topics.send(new ListSubscriptionsByTopicCommand(ofTopic)));
  await of(topics.send(new GetTopicAttributesCommand(ofTopic)));
  await of(topics.send(new GetTopicAttributesCommand({ TopicArn: `${ofTopic.TopicArn}s` })));
  await of(topics.send(new PublishCommand({ TopicArn: topic?.TopicArn, Message: 'x', MessageAttributes })));
  await of(topics.send(new PublishCommand({ TopicArn: `${topic?.TopicArn}s`, Message: 'x' })));
  const entry = { Source: 'test', DetailType: 'T', Detail: '{}', Time: new Date(START) };
  await of(new EventBridgeClient(options).send(new PutEventsCommand({ Entries: [entry] })));
  const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'CreateSecret' }];
  const span = { StartTime: new Date(START - HOUR), EndTime: new Date(START + HOUR) };
  await of(new CloudTrailClient(options).send(new LookupEventsCommand({ LookupAttributes, ...span })));
  const metric = { MetricName: 'M', Value: 2.5, Timestamp: new Date(START) };
  await of(metrics.send(new PutMetricDataCommand({ Namespace: 'N', MetricData: [metric] })));
  const stat = { Metric: { Namespace: 'N', MetricName: 'M' }, Period: 60, Stat: 'Sum' };
  await of(
    metrics.send(new GetMetricDataCommand({ ...span, MetricDataQueries: [{ Id: 'm', MetricStat: stat }] })),
  );
  await of(new SSMClient(options).send(new GetParameterCommand({ Name: '/none' })));
  await of(new KMSClient(options).send(new GetKeyPolicyCommand({ KeyId: 'none' })));
  await of(new LambdaClient(options).send(new GetFunctionCommand({ FunctionName: 'none' })));
  return found;
}

test('calls that leave out the wire formats give what they give on the wire', async () => {
  const onTheWire = await results(openAccount());
  const leftOut = await results(openAccount({ skipsWireFormats: true }));
  expect(leftOut).toEqual(onTheWire);
  expect(onTheWire.filter((each) => Object(each).$fault !== undefined)).toHaveLength(9);
});

test('a call that leaves out the wire format is its role’s, and meets its faults', async () => {
  const account = openAccount({ skipsWireFormats: true });
  account.faults.add({ kind: 'throttled', probability: 1, operation: 'ListSecrets' });
  const secrets = new SecretsManagerClient(optionsOf(account));
  await expect(secrets.send(new ListSecretsCommand({}))).rejects.toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400 },
  });
  expect(account.callLog.failures('tester')).toEqual({
    'secretsmanager:ListSecrets:ThrottlingException': 1,
  });
});

test('what a client was given is its own', async () => {
  const account = openAccount({ skipsWireFormats: true });
  const secrets = new SecretsManagerClient(optionsOf(account));
  await secrets.send(
    new CreateSecretCommand({ Name: 'app/db', SecretString: 'x', Tags: [{ Key: 'team', Value: 'a' }] }),
  );
  const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'app/db' }));
  described.Tags?.splice(0);
  const again = await secrets.send(new DescribeSecretCommand({ SecretId: 'app/db' }));
  expect(again.Tags).toEqual([{ Key: 'team', Value: 'a' }]);
  const { SecretList: [listed] = [] } = await secrets.send(new ListSecretsCommand({}));
  expect(() => listed?.Tags?.splice(0)).toThrow(TypeError);
  const { SecretList: [listedAgain] = [] } = await secrets.send(new ListSecretsCommand({}));
  expect(listedAgain?.Tags).toEqual([{ Key: 'team', Value: 'a' }]);
});
