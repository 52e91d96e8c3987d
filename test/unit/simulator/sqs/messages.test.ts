import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { DAY, SECOND } from '../../../../src/calendar/instant.ts';
import { clientOf, openAccount, START } from '../open-account.ts';

async function openQueue(Attributes: Record<string, string> = {}) {
  const account = openAccount();
  const sqs = new SQSClient(clientOf(account));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q', Attributes }));
  return {
    ...account,
    sqs,
    QueueUrl,
    send: (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    receive: async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<readonly Message[]> =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...more }))).Messages ?? [],
    depth: () => account.queues.find('q').depth(),
  };
}

test('a message comes out as it went in, digests right', async () => {
  const { send, receive } = await openQueue();
  const { MessageId, MD5OfMessageBody } = await send('grüße');
  const [message] = await receive();
  expect(message).toMatchObject({ MessageId, Body: 'grüße', MD5OfBody: MD5OfMessageBody });
  expect(message?.Attributes).toBeUndefined();
});

test('attributes have a digest that the sender and the receiver get alike, as AWS documents its calculation', async () => {
  const { sqs, QueueUrl, receive } = await openQueue();
  const MessageAttributes = { code: { DataType: 'String', StringValue: 'stuck-pending' } };
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', MessageAttributes }));
  // Recorded from another implementation of the same calculation.
  expect(sent.MD5OfMessageAttributes).toBe('e2d71c097449daa862d98e241c293d39');
  const [message] = await receive({ MessageAttributeNames: ['All'] });
  expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
});

test('a received message is hidden for the visibility timeout and then comes again', async () => {
  const { send, receive, clock } = await openQueue({ VisibilityTimeout: '30' });
  await send('a');
  expect(await receive()).toHaveLength(1);
  await clock.advance(30 * SECOND - 1);
  expect(await receive()).toHaveLength(0);
  await clock.advance(1);
  const [again] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
});

test('ReceiveMessage may set a visibility timeout of its own, 0 included', async () => {
  const { send, receive, clock } = await openQueue();
  await send('a');
  await receive({ VisibilityTimeout: 0 });
  expect(await receive({ VisibilityTimeout: 5 })).toHaveLength(1);
  await clock.advance(5 * SECOND);
  expect(await receive()).toHaveLength(1);
});

test('a delayed message is not there before its time', async () => {
  const { send, receive, clock, depth } = await openQueue();
  await send('a', { DelaySeconds: 900 });
  expect(depth()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
  await clock.advance(900 * SECOND - 1);
  expect(await receive()).toHaveLength(0);
  await clock.advance(1);
  expect(await receive()).toHaveLength(1);
});

test('the delay of the queue holds for messages that set none', async () => {
  const { send, receive, clock } = await openQueue({ DelaySeconds: '10' });
  await send('late');
  await send('now', { DelaySeconds: 0 });
  expect((await receive({ MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(['now']);
  await clock.advance(10 * SECOND);
  expect((await receive()).map(({ Body }) => Body)).toEqual(['late']);
});

test('ReceiveMessage hands out at most the number asked for, in order', async () => {
  const { send, receive, depth } = await openQueue();
  for (let index = 0; index < 12; index += 1) await send(`m${index}`);
  expect(await receive()).toHaveLength(1);
  expect((await receive({ MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(
    Array.from({ length: 10 }, (_, index) => `m${index + 1}`),
  );
  expect(depth()).toEqual({ visible: 1, inFlight: 11, delayed: 0 });
});

test('long polling does not wait on a clock that stands still', async () => {
  const { receive } = await openQueue();
  expect(await receive({ WaitTimeSeconds: 20 })).toEqual([]);
});

test('all attributes of a message are shown when asked for', async () => {
  const { send, receive, clock } = await openQueue();
  const owner = { DataType: 'String', StringValue: 'team-a' };
  await send('a', { MessageAttributes: { owner, 'x.y': owner } });
  await clock.advance(1500);
  const [message] = await receive({
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['owner', 'x.*'],
  });
  expect(message?.Attributes).toMatchObject({
    ApproximateReceiveCount: '1',
    SentTimestamp: String(START),
    ApproximateFirstReceiveTimestamp: String(START + 1500),
  });
  expect(message?.MessageAttributes).toEqual({ owner, 'x.y': owner });
});

test('DeleteMessage takes the latest handle; an older one succeeds and deletes nothing', async () => {
  const { sqs, QueueUrl, send, receive, depth } = await openQueue();
  await send('a');
  const [first] = await receive({ VisibilityTimeout: 0 });
  const [second] = await receive();
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  expect(depth().inFlight).toBe(1);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
  expect(depth().inFlight).toBe(0);
});

test('DeleteMessage refuses what is no handle', async () => {
  const { sqs, QueueUrl } = await openQueue();
  await expect(sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' }))).rejects.toMatchObject({
    name: 'ReceiptHandleIsInvalid',
  });
});

test('ChangeMessageVisibility shows a message earlier or later, only while it is hidden', async () => {
  const { sqs, QueueUrl, send, receive, clock } = await openQueue();
  await send('a');
  const [message] = await receive();
  const change = (VisibilityTimeout: number) =>
    sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout,
      }),
    );
  await change(60);
  await clock.advance(59 * SECOND);
  expect(await receive()).toHaveLength(0);
  await change(0);
  expect(await receive({ VisibilityTimeout: 0 })).toHaveLength(1);
  await expect(change(5)).rejects.toThrow('not available for visibility timeout change');
});

test('batches report each entry', async () => {
  const { sqs, QueueUrl, receive } = await openQueue();
  const sent = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: 'two', DelaySeconds: 901 },
      ],
    }),
  );
  expect(sent.Successful).toMatchObject([{ Id: 'a' }]);
  expect(sent.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }]);
  const [message] = await receive();
  const deleted = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'x', ReceiptHandle: message?.ReceiptHandle },
        { Id: 'y', ReceiptHandle: 'bad' },
      ],
    }),
  );
  expect(deleted.Successful).toEqual([{ Id: 'x' }]);
  expect(deleted.Failed).toMatchObject([{ Id: 'y', Code: 'ReceiptHandleIsInvalid' }]);
});

test.each([
  [[], 'EmptyBatchRequest'],
  [['a', 'a'], 'BatchEntryIdsNotDistinct'],
  [Array.from({ length: 11 }, (_, index) => `i${index}`), 'TooManyEntriesInBatchRequest'],
])('a batch of the ids %j is refused as %s', async (ids, name) => {
  const { sqs, QueueUrl } = await openQueue();
  const Entries = ids.map((Id) => ({ Id, MessageBody: 'm' }));
  await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({ name });
});

test.each([
  ['MaxNumberOfMessages', 11],
  ['MaxNumberOfMessages', 0],
  ['VisibilityTimeout', 43_201],
  ['WaitTimeSeconds', 21],
])('ReceiveMessage refuses %s of %i', async (name, value) => {
  const { receive } = await openQueue();
  await expect(receive({ [name]: value })).rejects.toThrow(`for parameter ${name} is invalid`);
});

test('SendMessage refuses an empty body, one over the size of the queue and a negative delay', async () => {
  const { send } = await openQueue({ MaximumMessageSize: '1024' });
  await expect(send('')).rejects.toThrow('MessageBody');
  await expect(send('x'.repeat(1024))).resolves.toBeDefined();
  await expect(send('x'.repeat(1025))).rejects.toThrow('shorter than 1024 bytes');
  await expect(send('x', { DelaySeconds: -1 })).rejects.toThrow('DelaySeconds');
});

test('a message received too often goes to the dead-letter queue on the next receive', async () => {
  const { queues, sqs, QueueUrl, send, receive } = await openQueue();
  const dead = queues.create('dead', {});
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  await sqs.send(new CreateQueueCommand({ QueueName: 'other', Attributes: { RedrivePolicy } }));
  queues.find('q').attributes.set('RedrivePolicy', RedrivePolicy);
  await send('poison');
  for (let index = 0; index < 2; index += 1) expect(await receive({ VisibilityTimeout: 0 })).toHaveLength(1);
  expect(await receive()).toHaveLength(0);
  const [message] = queues.receive(dead, { max: 1 });
  expect(message).toMatchObject({ body: 'poison', receiveCount: 3 });
  expect(QueueUrl).toContain('/q');
});

test('a message stays when its dead-letter queue does not exist', async () => {
  const RedrivePolicy =
    '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:111122223333:none","maxReceiveCount":"1"}';
  const { send, receive } = await openQueue({ RedrivePolicy });
  await send('a');
  await receive({ VisibilityTimeout: 0 });
  expect(await receive()).toHaveLength(1);
});

test('a message is gone after the retention of the queue', async () => {
  const { send, receive, clock, depth } = await openQueue();
  await send('a');
  await clock.advance(4 * DAY - 1);
  expect(depth().visible).toBe(1);
  await clock.advance(1);
  expect(await receive()).toHaveLength(0);
});
