import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { wakeText } from '../../domain/alert/delivery-hop.ts';
import { type DeliveryQueue, DeliveryQueueError } from '../../ports/tell/delivery-queue.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Longest delay of a message. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const MAX_DELAY_SECONDS = 900;

/** Wakes the delivery by a delayed message on the queue that runs it. */
export const sqsDeliveryQueue = (client: SQSClient, queueUrl: string): DeliveryQueue => ({
  async wake(seconds, hop = 0) {
    const DelaySeconds = Math.min(Math.max(0, seconds), MAX_DELAY_SECONDS);
    try {
      await client.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: wakeText(hop), DelaySeconds }),
      );
    } catch (error) {
      throw new DeliveryQueueError(
        `Cannot wake the delivery through "${queueUrl}": ${describeFailure(error)}`,
        {
          ...failureOf(error),
          cause: error,
        },
      );
    }
  },
});
