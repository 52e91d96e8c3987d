import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetTopicAttributesCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { DAY, SECOND } from '../../../../src/calendar/instant.ts';
import type { HttpMessage } from '../../../../src/simulator/sns/http-post.ts';
import { clientOf, openAccount } from '../open-account.ts';

const ENDPOINT = 'https://alerts.example.com/sns';

/** A topic with a subscriber over HTTPS that answers with these statuses; `undefined` for no answer. */
async function openTopic(...answers: readonly (number | undefined)[]) {
  const posts: HttpMessage[] = [];
  const post = async (message: HttpMessage) => {
    posts.push(message);
    const status = answers.length === 0 ? 200 : answers[Math.min(posts.length, answers.length) - 1];
    if (status === undefined) throw new Error('connection refused');
    return { status };
  };
  const account = openAccount({ post });
  const client = new SNSClient(clientOf(account));
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
  const subscribe = (Protocol = 'https', Endpoint = ENDPOINT) =>
    client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true }));
  const confirm = () =>
    client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: JSON.parse(posts[0]?.body ?? '').Token }));
  const publish = (Message = 'text') =>
    client.send(
      new PublishCommand({
        TopicArn,
        Message,
        Subject: 'subject',
        MessageAttributes: { severity: { DataType: 'String', StringValue: 'HIGH' } },
      }),
    );
  return { ...account, client, TopicArn, posts, subscribe, confirm, publish };
}

const typeOf = ({ headers }: HttpMessage) => headers['x-amz-sns-message-type'];

test('a new subscriber is asked to confirm and gets nothing else before it has', async () => {
  const { subscribe, publish, posts, clock, TopicArn, client } = await openTopic();
  await subscribe();
  await publish();
  await clock.advance(0);
  expect(posts).toHaveLength(1);
  expect(posts[0]).toMatchObject({
    url: ENDPOINT,
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-topic-arn': TopicArn,
    },
  });
  const body = JSON.parse(posts[0]?.body ?? '');
  expect(Object.keys(body)).toEqual([
    'Type',
    'MessageId',
    'Token',
    'TopicArn',
    'Message',
    'SubscribeURL',
    'Timestamp',
    'SignatureVersion',
    'Signature',
    'SigningCertURL',
  ]);
  expect(body.Message).toContain(`You have chosen to subscribe to the topic ${TopicArn}.\n`);
  const visit = new URL(body.SubscribeURL);
  expect(Object.fromEntries(visit.searchParams)).toEqual({
    Action: 'ConfirmSubscription',
    TopicArn,
    Token: body.Token,
  });
  const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsPending: '1' });
});

test('ConfirmSubscription takes the token, and then notifications are posted in their envelope', async () => {
  const { subscribe, confirm, publish, posts, clock, TopicArn } = await openTopic();
  const { SubscriptionArn } = await subscribe();
  await clock.advance(0);
  expect((await confirm()).SubscriptionArn).toBe(SubscriptionArn);
  const { MessageId } = await publish();
  await clock.advance(0);
  expect(posts[1]?.headers).toEqual({
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-message-id': MessageId,
    'x-amz-sns-topic-arn': TopicArn,
    'x-amz-sns-subscription-arn': SubscriptionArn,
  });
  expect(JSON.parse(posts[1]?.body ?? '')).toMatchObject({
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: 'subject',
    Message: 'text',
    Timestamp: '2026-11-21T10:00:00.000Z',
    UnsubscribeURL: expect.stringContaining(`SubscriptionArn=${SubscriptionArn}`),
    MessageAttributes: { severity: { Type: 'String', Value: 'HIGH' } },
  });
});

test('a raw message is posted as it was published, without its attributes', async () => {
  const { subscribe, confirm, publish, posts, clock, client } = await openTopic();
  const { SubscriptionArn } = await subscribe();
  await clock.advance(0);
  await confirm();
  const raw = { SubscriptionArn, AttributeName: 'RawMessageDelivery', AttributeValue: 'true' };
  await client.send(new SetSubscriptionAttributesCommand(raw));
  await publish('{"a":1}');
  await clock.advance(0);
  expect(posts[1]).toMatchObject({ body: '{"a":1}', headers: { 'x-amz-sns-rawdelivery': 'true' } });
});

test.each([
  ['no answer', undefined],
  ['a broken server', 503],
])('%s is tried three times more, 20 seconds apart, under the same id', async (_case, status) => {
  const { subscribe, posts, clock } = await openTopic(status);
  await subscribe();
  await clock.advance(0);
  expect(posts).toHaveLength(1);
  await clock.advance(19 * SECOND);
  expect(posts).toHaveLength(1);
  await clock.advance(SECOND);
  expect(posts).toHaveLength(2);
  await clock.advance(DAY);
  expect(posts).toHaveLength(4);
  expect(new Set(posts.map(({ headers }) => headers['x-amz-sns-message-id'])).size).toBe(1);
});

test.each([200, 302, 404])('an answer of %i ends the delivery', async (status) => {
  const { subscribe, posts, clock } = await openTopic(status);
  await subscribe();
  await clock.advance(DAY);
  expect(posts).toHaveLength(1);
});

test('a delivery that succeeds at last is not repeated', async () => {
  const { subscribe, confirm, publish, posts, clock } = await openTopic(200, 500, undefined, 200);
  await subscribe();
  await clock.advance(0);
  await confirm();
  await publish();
  await clock.advance(DAY);
  expect(posts.map(typeOf)).toEqual([
    'SubscriptionConfirmation',
    'Notification',
    'Notification',
    'Notification',
  ]);
});

test('a token is good for two days; subscribing again brings another', async () => {
  const { subscribe, confirm, posts, clock, client, TopicArn } = await openTopic();
  await subscribe();
  await clock.advance(2 * DAY);
  await expect(confirm()).rejects.toThrow('Invalid parameter: Token');
  await subscribe();
  await clock.advance(0);
  expect(posts).toHaveLength(2);
  const { Token } = JSON.parse(posts[1]?.body ?? '');
  await client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  await subscribe();
  await clock.advance(0);
  expect(posts).toHaveLength(2);
});

test('the protocol has to be that of the endpoint', async () => {
  const { subscribe } = await openTopic();
  await expect(subscribe('http', ENDPOINT)).rejects.toThrow('Endpoint must match the specified protocol');
  await expect(subscribe('https', 'https://')).rejects.toThrow('Endpoint must match');
});

test('without a way to post, nobody answers and nothing breaks', async () => {
  const account = openAccount();
  const client = new SNSClient(clientOf(account));
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: ENDPOINT }));
  await account.clock.advance(DAY);
});
