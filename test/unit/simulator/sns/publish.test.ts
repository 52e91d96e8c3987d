import {
  CreateTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SubscribeCommand,
  type SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { clientOf, openAccount, START } from '../open-account.ts';

async function openTopic() {
  const account = openAccount();
  const sns = new SNSClient(clientOf(account));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
  const queue = account.queues.create('q', {});
  return {
    ...account,
    TopicArn,
    queue,
    subscribe: (input: Partial<SubscribeCommandInput>) =>
      sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, ...input })),
    publish: (input: Partial<PublishCommandInput> = {}) =>
      sns.send(new PublishCommand({ TopicArn, Message: 'm', ...input })),
    bodies: () => account.queues.receive(queue, { max: 10 }),
  };
}

const owner = (StringValue: string) => ({ owner: { DataType: 'String', StringValue } });

test('Publish lays an e-mail into the inbox', async () => {
  const { subscribe, publish, sns, TopicArn } = await openTopic();
  await subscribe({ Protocol: 'email', Endpoint: 'a@example.com' });
  const { MessageId } = await publish({
    Subject: 'Rotation failed',
    Message: 'zwei\nZeilen & <mehr>',
    MessageAttributes: owner('team-a'),
  });
  expect(sns.inbox).toEqual([
    {
      at: START,
      topicArn: TopicArn,
      address: 'a@example.com',
      subject: 'Rotation failed',
      message: 'zwei\nZeilen & <mehr>',
      attributes: { owner: 'team-a' },
      messageId: MessageId,
    },
  ]);
});

test('an e-mail without a subject gets the one that SNS uses', async () => {
  const { subscribe, publish, sns } = await openTopic();
  await subscribe({ Protocol: 'email', Endpoint: 'a@example.com' });
  await publish();
  expect(sns.inbox).toMatchObject([{ subject: 'AWS Notification Message' }]);
});

test('a queue gets the envelope', async () => {
  const { subscribe, publish, bodies, TopicArn } = await openTopic();
  await subscribe({});
  const { MessageId } = await publish({ Subject: 's', MessageAttributes: owner('team-a') });
  const [message] = bodies();
  expect(JSON.parse(message?.body ?? '')).toMatchObject({
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: 's',
    Message: 'm',
    Timestamp: '2026-11-21T10:00:00.000Z',
    MessageAttributes: { owner: { Type: 'String', Value: 'team-a' } },
  });
});

test('a queue with raw delivery gets the message and its attributes alone', async () => {
  const { subscribe, publish, bodies } = await openTopic();
  await subscribe({ Attributes: { RawMessageDelivery: 'true' } });
  await publish({ MessageAttributes: owner('team-a') });
  expect(bodies()).toMatchObject([{ body: 'm', attributes: owner('team-a') }]);
});

test('raw delivery takes ten attributes and drops a message with eleven', async () => {
  const { subscribe, publish, bodies } = await openTopic();
  await subscribe({ Attributes: { RawMessageDelivery: 'true' } });
  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }]),
    );
  await publish({ MessageAttributes: many(10) });
  await publish({ MessageAttributes: many(11) });
  expect(bodies()).toHaveLength(1);
});

test('a function gets an SNS record', async () => {
  const { subscribe, publish, functions, clock } = await openTopic();
  const seen: unknown[] = [];
  await subscribe({
    Protocol: 'lambda',
    Endpoint: functions.register('f', (event) => void seen.push(event)),
  });
  await subscribe({ Protocol: 'lambda', Endpoint: 'arn:aws:lambda:eu-west-1:111122223333:function:gone' });
  await publish();
  await clock.advance(0);
  expect(seen).toMatchObject([{ Records: [{ EventSource: 'aws:sns', Sns: { Message: 'm' } }] }]);
});

test('MessageStructure json gives each protocol its own text', async () => {
  const { subscribe, publish, bodies, sns } = await openTopic();
  await subscribe({ Attributes: { RawMessageDelivery: 'true' } });
  await subscribe({ Protocol: 'email', Endpoint: 'a@example.com' });
  await publish({ MessageStructure: 'json', Message: '{"default":"d","sqs":"for queues"}' });
  expect(bodies()).toMatchObject([{ body: 'for queues' }]);
  expect(sns.inbox).toMatchObject([{ message: 'd' }]);
});

test.each([
  ['no json', 'JSON message body failed to parse'],
  ['{"sqs":"x"}', 'No default entry in JSON message body'],
  ['{"default":{"a":1}}', 'No default entry in JSON message body'],
  ['[]', 'No default entry in JSON message body'],
])('MessageStructure json refuses the message %s', async (Message, reason) => {
  const { publish } = await openTopic();
  await expect(publish({ MessageStructure: 'json', Message })).rejects.toThrow(reason);
});

test.each(['x'.repeat(99), '!', 'Rotation of "db" failed: 1 > 0'])(
  'Publish takes the subject "%s"',
  async (Subject) => {
    const { publish } = await openTopic();
    await expect(publish({ Subject })).resolves.toBeDefined();
  },
);

test.each(['x'.repeat(100), '', ' x', 'a\nb', 'a\tb', 'grüße', 'a\u0007'])(
  'Publish refuses the subject %j',
  async (Subject) => {
    const { publish } = await openTopic();
    await expect(publish({ Subject })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Subject',
    });
  },
);

test('Publish takes 256 KiB with the attributes and refuses one byte more', async () => {
  const { publish } = await openTopic();
  const room = 256 * 1024 - 'owner'.length - 'String'.length - 'team'.length;
  const MessageAttributes = owner('team');
  await expect(publish({ Message: 'x'.repeat(room), MessageAttributes })).resolves.toBeDefined();
  await expect(publish({ Message: 'x'.repeat(room + 1), MessageAttributes })).rejects.toThrow(
    'Message too long',
  );
});

test('Publish refuses an empty message, a missing topic and an unknown one', async () => {
  const { publish } = await openTopic();
  await expect(publish({ Message: '' })).rejects.toThrow('Invalid parameter: Empty message');
  await expect(publish({ TopicArn: undefined })).rejects.toThrow('TopicArn or TargetArn');
  await expect(publish({ TopicArn: 'arn:aws:sns:eu-west-1:111122223333:none' })).rejects.toThrow(
    'does not exist',
  );
});

test('Publish refuses an attribute without a value or of an unknown type', async () => {
  const { publish } = await openTopic();
  await expect(publish({ MessageAttributes: owner('') })).rejects.toThrow(
    'must contain non-empty message attribute',
  );
  const MessageAttributes = { a: { DataType: 'Text', StringValue: 'x' } };
  await expect(publish({ MessageAttributes })).rejects.toThrow('invalid message attribute type');
});

test('a filter policy lets through the messages whose attributes match', async () => {
  const { subscribe, publish, bodies } = await openTopic();
  const policy = {
    owner: ['team-a'],
    severity: [{ 'anything-but': 'LOW' }],
    count: [{ numeric: ['>', 1] }],
    tags: ['x'],
  };
  await subscribe({ Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify(policy) } });
  const attributes = (severity: string, count: string) => ({
    ...owner('team-a'),
    severity: { DataType: 'String', StringValue: severity },
    count: { DataType: 'Number', StringValue: count },
    tags: { DataType: 'String.Array', StringValue: '["x","y"]' },
  });
  await publish({ Message: 'yes', MessageAttributes: attributes('HIGH', '2') });
  await publish({ Message: 'low', MessageAttributes: attributes('LOW', '2') });
  await publish({ Message: 'few', MessageAttributes: attributes('HIGH', '1') });
  await publish({ Message: 'without' });
  expect(bodies().map(({ body }) => body)).toEqual(['yes']);
});

test('a filter policy may look at the body', async () => {
  const { subscribe, publish, bodies } = await openTopic();
  const FilterPolicy = '{"detail":{"code":["stuck-pending"]}}';
  await subscribe({
    Attributes: { RawMessageDelivery: 'true', FilterPolicyScope: 'MessageBody', FilterPolicy },
  });
  await publish({ Message: '{"detail":{"code":"stuck-pending"}}' });
  await publish({ Message: '{"detail":{"code":"other"}}' });
  await publish({ Message: 'no json' });
  expect(bodies()).toHaveLength(1);
});

test.each([
  [['rugby', 'tennis'], true],
  [[{ prefix: 'rug' }], true],
  [['golf'], false],
  [[{ 'anything-but': ['golf', 'tennis'] }], true],
  [[{ 'anything-but': ['rugby'] }], false],
  [[{ 'anything-but': { prefix: 'base' } }], false],
  [[{ 'anything-but': ['rugby'] }, 'baseball'], true],
])('a filter %j takes a String.Array of rugby and baseball: %s', async (interests, taken) => {
  const { subscribe, publish, bodies } = await openTopic();
  await subscribe({ Attributes: { FilterPolicy: JSON.stringify({ interests }) } });
  const StringValue = JSON.stringify(['rugby', 'baseball']);
  await publish({ MessageAttributes: { interests: { DataType: 'String.Array', StringValue } } });
  expect(bodies()).toHaveLength(taken ? 1 : 0);
});

const admitting = (topicArn: string, service = 'sns.amazonaws.com') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sqs:SendMessage',
      Resource: '*',
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    },
  });

test.each([
  ['the topic', (topicArn: string) => admitting(topicArn), 1],
  ['another topic', (topicArn: string) => admitting(`${topicArn}-2`), 0],
  ['another service', (topicArn: string) => admitting(topicArn, 'events.amazonaws.com'), 0],
])('a queue whose policy lets %s in gets what that sends alone', async (_sender, policy, count) => {
  const { queue, subscribe, publish, bodies, TopicArn } = await openTopic();
  queue.attributes.set('Policy', policy(TopicArn));
  await subscribe({});
  await publish({ Message: 'm' });
  expect(bodies()).toHaveLength(count);
});

test('Subscribe finds the subscription that is there, unless it is asked for other attributes', async () => {
  const { subscribe } = await openTopic();
  const { SubscriptionArn } = await subscribe({ Attributes: { RawMessageDelivery: 'true' } });
  await expect(subscribe({})).resolves.toMatchObject({ SubscriptionArn });
  await expect(subscribe({ Attributes: { RawMessageDelivery: 'false' } })).rejects.toThrow(
    'Subscription already exists with different attributes',
  );
});
