import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import type { SimulatorOptions } from '../../../../src/simulator/simulator.ts';
import { clientOf, openAccount } from '../open-account.ts';

async function openTopic(options: Partial<SimulatorOptions> = {}) {
  const account = openAccount(options);
  const client = new SNSClient(clientOf(account));
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
  return {
    ...account,
    client,
    TopicArn,
    mail: (Endpoint: string, ReturnSubscriptionArn = false) =>
      client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint, ReturnSubscriptionArn })),
    counts: async () => (await client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {},
  };
}

test('an e-mail subscription is confirmed at once', async () => {
  const { mail, counts, TopicArn } = await openTopic();
  const { SubscriptionArn } = await mail('a@example.com');
  expect(SubscriptionArn).toMatch(new RegExp(`^${TopicArn}:[0-9a-f-]{36}$`));
  expect(await counts()).toMatchObject({ SubscriptionsConfirmed: '1', SubscriptionsPending: '0' });
});

test('a second subscription of the same address is the first', async () => {
  const { mail, counts } = await openTopic();
  expect((await mail('a@example.com')).SubscriptionArn).toBe((await mail('a@example.com')).SubscriptionArn);
  expect(await counts()).toMatchObject({ SubscriptionsConfirmed: '1' });
});

test('a pending subscription gets nothing until it is confirmed', async () => {
  const { mail, counts, sns, client, TopicArn } = await openTopic({ emailsArePending: true });
  expect((await mail('a@example.com')).SubscriptionArn).toBe('pending confirmation');
  expect((await mail('a@example.com', true)).SubscriptionArn).toContain(TopicArn);
  expect(await counts()).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsPending: '1' });
  const listed = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(listed.Subscriptions).toMatchObject([{ SubscriptionArn: 'PendingConfirmation' }]);
  const publish = () => client.send(new PublishCommand({ TopicArn, Message: 'm' }));
  await publish();
  expect(sns.inbox).toHaveLength(0);
  sns.confirm('a@example.com');
  await publish();
  expect(sns.inbox).toHaveLength(1);
  expect(await counts()).toMatchObject({ SubscriptionsConfirmed: '1', SubscriptionsPending: '0' });
});

test('Unsubscribe ends a subscription and is counted', async () => {
  const { mail, counts, client } = await openTopic();
  const { SubscriptionArn } = await mail('a@example.com');
  await client.send(new UnsubscribeCommand({ SubscriptionArn }));
  await client.send(new UnsubscribeCommand({ SubscriptionArn }));
  expect(await counts()).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsDeleted: '1' });
});

test('subscriptions are listed by topic and over all topics', async () => {
  const { mail, client, TopicArn } = await openTopic();
  const other = await client.send(new CreateTopicCommand({ Name: 'other' }));
  await mail('a@example.com');
  await client.send(
    new SubscribeCommand({ TopicArn: other.TopicArn, Protocol: 'email-json', Endpoint: 'b@example.com' }),
  );
  const listed = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(listed.Subscriptions).toMatchObject([
    { TopicArn, Owner: '111122223333', Protocol: 'email', Endpoint: 'a@example.com' },
  ]);
  const all = await client.send(new ListSubscriptionsCommand({}));
  expect(all.Subscriptions?.map(({ Endpoint }) => Endpoint)).toEqual(['a@example.com', 'b@example.com']);
});

test('attributes of a subscription are set and read', async () => {
  const { mail, client } = await openTopic();
  const { SubscriptionArn } = await mail('a@example.com');
  const set = (AttributeName: string, AttributeValue: string) =>
    client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  await set('FilterPolicy', '{"owner":["team-a"]}');
  const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  expect(Attributes).toMatchObject({ FilterPolicy: '{"owner":["team-a"]}', PendingConfirmation: 'false' });
  await expect(set('FilterPolicy', '{"owner":"team-a"}')).rejects.toThrow('FilterPolicy');
  await expect(set('RawMessageDelivery', 'yes')).rejects.toThrow('Must be true or false');
  await expect(set('Colour', 'red')).rejects.toThrow('AttributeName');
  await set('FilterPolicy', '{}');
});

test.each([
  [
    'firehose',
    'arn:aws:firehose:eu-west-1:111122223333:x',
    'Does not support this protocol string: firehose',
  ],
  ['sms', '491234', 'Invalid SMS endpoint'],
  ['email', 'no address', 'Email address'],
  ['sqs', 'arn:aws:sns:eu-west-1:111122223333:q', 'SQS endpoint ARN'],
  ['lambda', 'f', 'LAMBDA endpoint ARN'],
])('Subscribe refuses %s to "%s"', async (Protocol, Endpoint, reason) => {
  const { client, TopicArn } = await openTopic();
  await expect(client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }))).rejects.toThrow(
    `Invalid parameter: ${reason}`,
  );
});

test('an unknown subscription is not found', async () => {
  const { client, TopicArn } = await openTopic();
  await expect(
    client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: `${TopicArn}:x` })),
  ).rejects.toThrow('Subscription does not exist');
});
