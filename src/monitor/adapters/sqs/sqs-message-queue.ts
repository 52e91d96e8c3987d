import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type MessageQueue, MessageQueueError } from '../../ports/message-queue.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Longest time a message can be hidden. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const MAX_VISIBILITY_SECONDS = 43_200;

/** An SQS queue that feeds a function. */
export const sqsMessageQueue = (client: SQSClient, queueUrl: string): MessageQueue => ({
  async postpone(receiptHandle, seconds) {
    const VisibilityTimeout = Math.min(Math.max(0, Math.ceil(seconds)), MAX_VISIBILITY_SECONDS);
    try {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout,
        }),
      );
    } catch (error) {
      throw new MessageQueueError(`Cannot postpone a message of "${queueUrl}": ${describeFailure(error)}`, {
        ...failureOf(error),
        cause: error,
      });
    }
  },
});
