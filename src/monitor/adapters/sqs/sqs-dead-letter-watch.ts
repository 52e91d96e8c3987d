import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import {
  type DeadLetters,
  type DeadLetterWatch,
  DeadLetterWatchError,
} from '../../ports/watch/dead-letter-watch.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/**
 * Counts the messages of dead-letter queues; one that somebody has received and not deleted still counts.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export const sqsDeadLetterWatch = (client: SQSClient, queueUrls: readonly string[]): DeadLetterWatch => ({
  count: () => Promise.all(queueUrls.map((url) => counted(client, url))),
  async driveOn() {
    let driven = 0;
    for (const url of queueUrls) driven += await drivenOn(client, url);
    return driven;
  },
});

async function counted(client: SQSClient, url: string): Promise<DeadLetters> {
  const attributes = await attributesOf(client, url);
  const { QueueArn: queueArn } = attributes;
  const [visible, inFlight] = [
    attributes['ApproximateNumberOfMessages'],
    attributes['ApproximateNumberOfMessagesNotVisible'],
  ].map(Number);
  const count = (visible ?? Number.NaN) + (inFlight ?? Number.NaN);
  if (queueArn !== undefined && Number.isInteger(count)) return { queueArn, count };
  throw new DeadLetterWatchError(`Cannot count the messages of "${url}": SQS returned no number`, {
    reason: 'invalid',
    retryable: false,
  });
}

async function attributesOf(
  client: SQSClient,
  QueueUrl: string,
): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Attributes;
  } catch (error) {
    throw new DeadLetterWatchError(`Cannot count the messages of "${QueueUrl}": ${describeFailure(error)}`, {
      ...failureOf(error),
      cause: error,
    });
  }
}

/** Most messages of a call. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const BATCH = 10;
/** Most messages looked at in a run, so that it ends; the rest is left to the next. */
const MOST = 500;
/** Long enough to look at all of them, short enough for people who look as well. */
const HIDDEN_SECONDS = 120;
/** Attribute of a message that was driven on: should it fail again, it stays. */
const DRIVEN = 'driven-on';

/** Sends messages back to the queues they came from, the oldest first, and answers how many. */
async function drivenOn(client: SQSClient, url: string): Promise<number> {
  try {
    const letters = (await received(client, url)).filter(isUndriven).sort((a, b) => sentAt(a) - sentAt(b));
    for (const letter of letters) await drive(client, url, letter);
    return letters.length;
  } catch (error) {
    throw new DeadLetterWatchError(`Cannot drive the messages of "${url}" on: ${describeFailure(error)}`, {
      ...failureOf(error),
      cause: error,
    });
  }
}

async function received(client: SQSClient, QueueUrl: string): Promise<readonly Message[]> {
  const letters: Message[] = [];
  while (letters.length < MOST) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: HIDDEN_SECONDS,
        MessageSystemAttributeNames: ['SentTimestamp', 'DeadLetterQueueSourceArn'],
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    letters.push(...Messages);
  }
  return letters;
}

/** Whether a message has a queue to be driven back to: those from EventBridge, Scheduler or Lambda have none. */
const isUndriven = ({ Attributes, MessageAttributes = {} }: Message): boolean =>
  Attributes?.DeadLetterQueueSourceArn !== undefined && MessageAttributes[DRIVEN] === undefined;

const sentAt = ({ Attributes }: Message): number => Number(Attributes?.SentTimestamp ?? 0);

async function drive(client: SQSClient, url: string, letter: Message): Promise<void> {
  const { Attributes, MessageAttributes, Body, ReceiptHandle } = letter;
  const name = Attributes?.DeadLetterQueueSourceArn?.split(':').at(-1) ?? '';
  const QueueUrl = url.replace(/[^/]+$/, name);
  const driven = { DataType: 'String', StringValue: 'yes' };
  await client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: Body,
      MessageAttributes: { ...MessageAttributes, [DRIVEN]: driven },
    }),
  );
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
}
