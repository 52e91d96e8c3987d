import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { clientOf, openAccount } from '../open-account.ts';

const open = (): SQSClient => new SQSClient(clientOf(openAccount()));

test('CreateQueue answers the URL of the queue, and again when attributes are the same', async () => {
  const sqs = open();
  const create = () =>
    sqs.send(new CreateQueueCommand({ QueueName: 'q', Attributes: { VisibilityTimeout: '60' } }));
  const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/q';
  await expect(create()).resolves.toMatchObject({ QueueUrl: url });
  await expect(create()).resolves.toMatchObject({ QueueUrl: url });
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))).resolves.toMatchObject({
    QueueUrl: url,
  });
});

test('CreateQueue refuses other attributes under the same name', async () => {
  const sqs = open();
  await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const Attributes = { VisibilityTimeout: '31' };
  await expect(sqs.send(new CreateQueueCommand({ QueueName: 'q', Attributes }))).rejects.toMatchObject({
    name: 'QueueNameExists',
    message:
      'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
  });
});

test.each(['', 'a b', 'x'.repeat(81), 'q.fifo'])('CreateQueue refuses the name "%s"', async (QueueName) => {
  await expect(open().send(new CreateQueueCommand({ QueueName }))).rejects.toThrow('1 to 80 in length');
});

test.each([
  [{ Unknown: '1' }, 'Unknown Attribute Unknown.'],
  [{ VisibilityTimeout: 'soon' }, 'Must be a whole number'],
  [{ RedrivePolicy: 'no json' }, 'Redrive policy'],
  [{ RedrivePolicy: '{"maxReceiveCount":1}' }, 'Redrive policy'],
])('CreateQueue refuses the attributes %j', async (Attributes, reason) => {
  const created = openAccount().call('sqs', 'CreateQueue', { QueueName: 'q', Attributes }, 'tester');
  await expect(created).rejects.toThrow(reason);
});

test('GetQueueUrl of an unknown queue fails as QueueDoesNotExist, with the code of the older protocol', async () => {
  await expect(open().send(new GetQueueUrlCommand({ QueueName: 'nowhere' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
  });
});

test('attributes are set and read by name or all at once', async () => {
  const sqs = open();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '5' } }));
  const all = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(all.Attributes).toMatchObject({
    QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:q',
    DelaySeconds: '5',
    VisibilityTimeout: '30',
    ApproximateNumberOfMessages: '0',
    CreatedTimestamp: '1795255200',
  });
  const one = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  expect(Object.keys(one.Attributes ?? {})).toEqual(['QueueArn']);
  const none = await sqs.send(new GetQueueAttributesCommand({ QueueUrl }));
  expect(none.Attributes).toBeUndefined();
});

test('queues are listed by prefix, purged and deleted', async () => {
  const account = openAccount();
  const sqs = new SQSClient(clientOf(account));
  for (const QueueName of ['a1', 'a2', 'b']) await sqs.send(new CreateQueueCommand({ QueueName }));
  const list = async (QueueNamePrefix?: string) =>
    (await sqs.send(new ListQueuesCommand({ QueueNamePrefix }))).QueueUrls?.map((url) =>
      url.split('/').at(-1),
    );
  await expect(list('a')).resolves.toEqual(['a1', 'a2']);
  await expect(list('x')).resolves.toBeUndefined();
  account.queues.find('b').send({ body: 'x' });
  const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/b';
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  expect(account.queues.find('b').depth().visible).toBe(0);
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(list()).resolves.toEqual(['a1', 'a2']);
});

test('a request without a queue URL is refused as MissingParameter', async () => {
  await expect(openAccount().call('sqs', 'PurgeQueue', {}, 'r')).rejects.toMatchObject({
    code: 'MissingParameter',
    message: 'The request must contain the parameter QueueUrl.',
  });
});

test('a queue keeps the tags it is made with and gets later', async () => {
  const sqs = open();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q', tags: { owner: 'orders' } }));
  await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { owner: 'stock', until: '1795255200' } }));
  const listed = async () => (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags;
  await expect(listed()).resolves.toEqual({ owner: 'stock', until: '1795255200' });
  await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['owner', 'until'] }));
  await expect(listed()).resolves.toBeUndefined();
  const refused = sqs.send(new TagQueueCommand({ QueueUrl, Tags: { owner: 'a|b' } }));
  await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('queues are listed page by page for who asks for a number of them', async () => {
  const sqs = open();
  for (const QueueName of ['a1', 'a2', 'a3']) await sqs.send(new CreateQueueCommand({ QueueName }));
  const first = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'a', MaxResults: 2 }));
  expect(first.QueueUrls).toHaveLength(2);
  const { NextToken } = first;
  const rest = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'a', MaxResults: 2, NextToken }));
  expect(rest.QueueUrls?.map((url) => url.split('/').at(-1))).toEqual(['a3']);
  expect(rest.NextToken).toBeUndefined();
  const all = await sqs.send(new ListQueuesCommand({}));
  expect([all.QueueUrls?.length, all.NextToken]).toEqual([3, undefined]);
});
