import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import {
  type DeadLetters,
  type DeadLetterWatch,
  DeadLetterWatchError,
} from '../../ports/watch/dead-letter-watch.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { drivenOn } from './dead-letters.ts';

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
  throw new DeadLetterWatchError(`Cannot count the messages of "${url}": SQS tells no number`, {
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
