import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type ChatQueue, ChatQueueError } from '../../ports/tell/chat-queue.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Longest time a message can be hidden. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const MAX_VISIBILITY_SECONDS = 43_200;

/** The SQS queue between the chat topic and the notifier. */
export const sqsChatQueue = (client: SQSClient, queueUrl: string): ChatQueue => ({
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
      throw new ChatQueueError(`Cannot postpone a message of "${queueUrl}": ${describeFailure(error)}`, {
        ...failureOf(error),
        cause: error,
      });
    }
  },
});
