import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Operation, Service } from '../call/service.ts';
import { messageOperations, type WaitForMessage } from './message-operations.ts';
import { checkWithin, invalidValue, missingParameter, queueOperation } from './operations.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

const attributes = z.record(z.string(), z.string());
const creation = z.object({
  QueueName: z.string(),
  Attributes: attributes.default({}),
  tags: attributes.default({}),
});
const naming = z.object({ QueueName: z.string() });
const setting = z.object({ Attributes: attributes });
const asking = z.object({ AttributeNames: z.array(z.string()).default([]) });
const listing = z.object({
  QueueNamePrefix: z.string().default(''),
  MaxResults: z.number().optional(),
  NextToken: z.string().optional(),
});
const tagging = z.object({ Tags: attributes });
const untagging = z.object({ TagKeys: z.array(z.string()) });

const SETTABLE: ReadonlySet<string> = new Set([
  'DelaySeconds',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'Policy',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
]);

/** SQS with standard queues; FIFO queues are refused. `wait` plays long polling. */
export function createSqs(queues: Queues, wait: WaitForMessage): Service {
  const find = (url: string): Queue => queues.find(url);
  return {
    operations: {
      ...messageOperations(queues, wait),
      CreateQueue: (input) => {
        const { QueueName, Attributes, tags } = readInput(creation, input, missingParameter);
        checkName(QueueName);
        checkAttributes(Attributes);
        const queue = queues.create(QueueName, Attributes);
        addTags(queue, tags);
        return { QueueUrl: queues.url(queue) };
      },
      DeleteQueue: queueOperation(find, z.object({}), (queue) => queues.remove(queue)),
      GetQueueUrl: (input) => ({
        QueueUrl: queues.url(find(readInput(naming, input, missingParameter).QueueName)),
      }),
      GetQueueAttributes: queueOperation(find, asking, (queue, { AttributeNames }) =>
        answerAttributes(queue, AttributeNames),
      ),
      ListQueues: listQueues(queues),
      PurgeQueue: queueOperation(find, z.object({}), (queue) => queue.purge()),
      SetQueueAttributes: queueOperation(find, setting, (queue, { Attributes }) => {
        checkAttributes(Attributes);
        for (const [name, value] of Object.entries(Attributes)) queue.attributes.set(name, value);
      }),
      TagQueue: queueOperation(find, tagging, (queue, { Tags }) => addTags(queue, Tags)),
      UntagQueue: queueOperation(find, untagging, (queue, { TagKeys }) => {
        for (const key of TagKeys) queue.tags.delete(key);
      }),
      ListQueueTags: queueOperation(find, z.object({}), ({ tags }) =>
        tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) },
      ),
    },
  };
}

function listQueues(queues: Queues): Operation {
  return (input) => {
    const { QueueNamePrefix, MaxResults, NextToken } = readInput(listing, input, missingParameter);
    checkWithin(MaxResults, [1, MOST_LISTED], 'MaxResults');
    const named = queues.all().filter((queue) => queue.name.startsWith(QueueNamePrefix));
    const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64').toString());
    if (!Number.isInteger(start)) throw invalidValue(NextToken, 'NextToken', 'Invalid or expired token.');
    const end = start + (MaxResults ?? MOST_LISTED);
    const listed = named.slice(start, end).map((queue) => queues.url(queue));
    // Only a request with a number of results gets a token for more.
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
    const goesOn = MaxResults !== undefined && end < named.length;
    return {
      ...(listed.length > 0 && { QueueUrls: listed }),
      ...(goesOn && { NextToken: Buffer.from(String(end)).toString('base64') }),
    };
  };
}

/** Most queues in one answer. */
const MOST_LISTED = 1000;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limits.html */
const TAG_TEXT = /^[\p{L}\p{N}\s_.:/=+\-@]*$/u;

function addTags(queue: Queue, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    const isValid = key.length >= 1 && key.length <= 128 && value.length <= 256;
    if (!isValid || !TAG_TEXT.test(key + value))
      throw new AwsError('InvalidParameterValue', `Invalid tag. Key: "${key}", value: "${value}".`);
    queue.tags.set(key, value);
  }
}

function checkName(name: string): void {
  if (/^[\w-]{1,80}$/.test(name)) return;
  const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
  throw new AwsError('InvalidParameterValue', reason);
}

function checkAttributes(given: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!SETTABLE.has(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const isNumber = name.endsWith('Seconds') || name.endsWith('Timeout') || name.endsWith('Period');
    if (isNumber && !/^\d+$/.test(value)) throw invalidValue(value, name, 'Must be a whole number.');
    if (name === 'RedrivePolicy' && value !== '' && !isRedrivePolicy(value)) {
      throw invalidValue(value, name, 'Redrive policy must have deadLetterTargetArn and maxReceiveCount.');
    }
  }
}

const redrivePolicy = z.object({
  deadLetterTargetArn: z.string().startsWith('arn:'),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});

function isRedrivePolicy(text: string): boolean {
  try {
    return redrivePolicy.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function answerAttributes(queue: Queue, names: readonly string[]): unknown {
  const { visible, inFlight, delayed } = queue.depth();
  const seconds = String(Math.floor(queue.createdAt / 1000));
  const all: Record<string, string> = {
    ...Object.fromEntries(queue.attributes),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: seconds,
    LastModifiedTimestamp: seconds,
  };
  const wanted = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
}
