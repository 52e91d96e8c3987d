import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { clientOf, openAccount } from '../open-account.ts';

const open = (): SNSClient => new SNSClient(clientOf(openAccount()));

test('CreateTopic answers the ARN, and the same again for the same name', async () => {
  const sns = open();
  const create = () =>
    sns.send(new CreateTopicCommand({ Name: 'alerts', Attributes: { DisplayName: 'A&B <x>' } }));
  const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:alerts';
  await expect(create()).resolves.toMatchObject({ TopicArn });
  await expect(create()).resolves.toMatchObject({ TopicArn });
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toEqual({
    TopicArn,
    Owner: '111122223333',
    DisplayName: 'A&B <x>',
    SubscriptionsConfirmed: '0',
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
  });
});

test.each(['', 'a b', 'alerts.fifo', 'x'.repeat(257)])('CreateTopic refuses the name "%s"', async (Name) => {
  await expect(open().send(new CreateTopicCommand({ Name }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Topic Name',
  });
});

test('GetTopicAttributes of an unknown topic fails as NotFound', async () => {
  const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:none';
  await expect(open().send(new GetTopicAttributesCommand({ TopicArn }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Topic does not exist',
    $metadata: { httpStatusCode: 404 },
  });
});

test('topics are changed, listed by pages of 100 and deleted', async () => {
  const sns = open();
  for (let index = 0; index < 101; index += 1) await sns.send(new CreateTopicCommand({ Name: `t${index}` }));
  const first = await sns.send(new ListTopicsCommand({}));
  expect(first.Topics).toHaveLength(100);
  const second = await sns.send(new ListTopicsCommand({ NextToken: first.NextToken }));
  expect(second).toMatchObject({ Topics: [{ TopicArn: 'arn:aws:sns:eu-west-1:111122223333:t100' }] });
  expect(second.NextToken).toBeUndefined();
  const TopicArn = second.Topics?.[0]?.TopicArn;
  await sns.send(
    new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' }),
  );
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ DisplayName: 'x' });
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  await expect(sns.send(new GetTopicAttributesCommand({ TopicArn }))).rejects.toThrow('does not exist');
});

test('ListTopics refuses a token that it did not answer', async () => {
  await expect(open().send(new ListTopicsCommand({ NextToken: 'x' }))).rejects.toThrow('NextToken');
});

test('an unknown action fails as InvalidAction', async () => {
  const account = openAccount();
  const { response } = await account.requestHandler('r').handle({
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=r/20261121/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=x',
    },
    body: 'Action=CreatePlatformApplication&Version=2010-03-31',
  });
  expect(response.statusCode).toBe(400);
  expect(String(response.body)).toContain('<Code>InvalidAction</Code>');
});
