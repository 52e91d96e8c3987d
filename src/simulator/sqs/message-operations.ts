import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Operation } from '../call/service.ts';
import type { ReceivedMessage } from './message.ts';
import {
  checkWithin,
  invalidValue,
  MAX_DELAY_SECONDS,
  MAX_VISIBILITY_SECONDS,
  md5,
  missingParameter,
  queueOperation,
} from './operations.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

/** Waits until a message is there or `seconds` have passed; on a clock that stands still it does not wait. */
export type WaitForMessage = (queue: Queue, seconds: number) => Promise<void> | undefined;

const messageAttribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
const sending = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.number().optional(),
  MessageAttributes: z.record(z.string(), messageAttribute).default({}),
});
const receiving = z.object({
  MaxNumberOfMessages: z.number().default(1),
  VisibilityTimeout: z.number().optional(),
  WaitTimeSeconds: z.number().optional(),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});
const handled = z.object({ ReceiptHandle: z.string() });
const changing = z.object({ ReceiptHandle: z.string(), VisibilityTimeout: z.number() });

/** The operations on messages. */
export function messageOperations(queues: Queues, wait: WaitForMessage): Record<string, Operation> {
  const find = (url: string): Queue => queues.find(url);
  return {
    SendMessage: queueOperation(find, sending, send),
    SendMessageBatch: batchOperation(find, sending, send),
    ReceiveMessage: queueOperation(find, receiving, async (queue, input) =>
      receive(queues, wait, queue, input),
    ),
    DeleteMessage: queueOperation(find, handled, remove),
    DeleteMessageBatch: batchOperation(find, handled, remove),
    ChangeMessageVisibility: queueOperation(find, changing, changeVisibility),
    ChangeMessageVisibilityBatch: batchOperation(find, changing, changeVisibility),
  };
}

function send(
  queue: Queue,
  { MessageBody, DelaySeconds, MessageAttributes }: z.infer<typeof sending>,
): object {
  if (MessageBody === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  const limit = queue.seconds('MaximumMessageSize');
  if (Buffer.byteLength(MessageBody) > limit) {
    const reason = `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`;
    throw new AwsError('InvalidParameterValue', reason);
  }
  checkWithin(DelaySeconds, [0, MAX_DELAY_SECONDS], 'DelaySeconds');
  const sent = queue.send({ body: MessageBody, attributes: MessageAttributes, delaySeconds: DelaySeconds });
  return {
    MessageId: sent.id,
    MD5OfMessageBody: md5(MessageBody),
    ...digestOf('MD5OfMessageAttributes', Object.entries(MessageAttributes)),
  };
}

async function receive(
  queues: Queues,
  wait: WaitForMessage,
  queue: Queue,
  input: z.infer<typeof receiving>,
): Promise<object> {
  checkWithin(input.MaxNumberOfMessages, [1, 10], 'MaxNumberOfMessages');
  checkWithin(input.VisibilityTimeout, [0, MAX_VISIBILITY_SECONDS], 'VisibilityTimeout');
  checkWithin(input.WaitTimeSeconds, [0, 20], 'WaitTimeSeconds');
  const options = { max: input.MaxNumberOfMessages, visibilitySeconds: input.VisibilityTimeout };
  const waitSeconds = input.WaitTimeSeconds ?? queue.seconds('ReceiveMessageWaitTimeSeconds');
  if (waitSeconds > 0 && queue.depth().visible === 0) await wait(queue, waitSeconds);
  const messages = queues.receive(queue, options).map((message) => shown(message, input));
  return messages.length === 0 ? {} : { Messages: messages };
}

function shown(message: ReceivedMessage, input: z.infer<typeof receiving>): object {
  const system = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
  const attributes = Object.entries(systemAttributes(message)).filter(([name]) => asks(system, name));
  const own = Object.entries(message.attributes).filter(([name]) => asks(input.MessageAttributeNames, name));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(own.length > 0 && { MessageAttributes: Object.fromEntries(own) }),
    ...digestOf('MD5OfMessageAttributes', own),
  };
}

type NamedAttribute = readonly [name: string, value: z.infer<typeof messageAttribute>];

/**
 * Returns the digest by which clients check attributes: each name, type and value with its length before it, in order
 * of their names.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
function digestOf(member: string, attributes: readonly NamedAttribute[]): object {
  if (attributes.length === 0) return {};
  const parts = attributes
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { DataType, StringValue, BinaryValue }]) => [
      withLength(Buffer.from(name)),
      withLength(Buffer.from(DataType)),
      Buffer.from([DataType.startsWith('Binary') ? BINARY : TEXT]),
      withLength(
        BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64'),
      ),
    ]);
  return { [member]: md5(Buffer.concat(parts)) };
}

/** Byte by which the digest marks that a text follows. */
const TEXT = 1;
const BINARY = 2;

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const asks = (names: readonly string[], name: string): boolean =>
  names.some(
    (asked) =>
      asked === 'All' || asked === name || (asked.endsWith('.*') && name.startsWith(asked.slice(0, -2))),
  );

/** The attributes that SQS itself gives a message. */
export const systemAttributes = (message: ReceivedMessage): Record<string, string> => ({
  ApproximateReceiveCount: String(message.receiveCount),
  SentTimestamp: String(message.sentAt),
  SenderId: 'AROASIMULATED:simulated',
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  ...(message.deadLetterSourceArn !== undefined && {
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  }),
});

function remove(queue: Queue, { ReceiptHandle }: z.infer<typeof handled>): object {
  checkHandle(ReceiptHandle);
  queue.delete(ReceiptHandle);
  return {};
}

function changeVisibility(queue: Queue, input: z.infer<typeof changing>): object {
  const { ReceiptHandle, VisibilityTimeout } = input;
  checkHandle(ReceiptHandle);
  checkWithin(VisibilityTimeout, [0, MAX_VISIBILITY_SECONDS], 'VisibilityTimeout');
  if (queue.changeVisibility(ReceiptHandle, VisibilityTimeout)) return {};
  throw invalidValue(
    ReceiptHandle,
    'ReceiptHandle',
    'Message does not exist or is not available for visibility timeout change.',
  );
}

function checkHandle(handle: string): void {
  if (/^[\w-]+\.\d+$/.test(handle)) return;
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}

/** Most entries that a batch may have. */
const MAX_ENTRIES = 10;

const batch = z.object({ Entries: z.array(z.looseObject({ Id: z.string() })) });

/** The batch form of an operation: every entry succeeds or fails for itself. */
function batchOperation<T>(
  find: (url: string) => Queue,
  schema: z.ZodType<T>,
  run: (queue: Queue, input: T) => object,
): Operation {
  return queueOperation(find, batch, (queue, { Entries }) => {
    checkEntries(Entries.map(({ Id }) => Id));
    const successful: object[] = [];
    const failed: object[] = [];
    for (const entry of Entries) {
      try {
        successful.push({ Id: entry.Id, ...run(queue, readInput(schema, entry, missingParameter)) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful: successful, Failed: failed };
  });
}

function checkEntries(ids: readonly string[]): void {
  if (ids.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (ids.length > MAX_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${ids.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', message);
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
}
