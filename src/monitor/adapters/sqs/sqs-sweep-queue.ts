import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { plural } from '../../../calendar/plural.ts';
import type { SweepRequest } from '../../domain/sweep/sweep-request.ts';
import { type SweepQueue, SweepQueueError } from '../../ports/sweep/sweep-queue.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { sweepMessage } from './sweep-message.ts';

/** Most entries of a batch. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MAX_BATCH = 10;

/** Sends one message a target to the queue that feeds the sweeping function. */
export const sqsSweepQueue = (client: SQSClient, queueUrl: string): SweepQueue => ({
  async send(requests) {
    for (let start = 0; start < requests.length; start += MAX_BATCH) {
      await sendBatch(client, queueUrl, requests.slice(start, start + MAX_BATCH));
    }
  },
});

async function sendBatch(
  client: SQSClient,
  QueueUrl: string,
  requests: readonly SweepRequest[],
): Promise<void> {
  const Entries = requests.map((request, index) => ({
    Id: String(index),
    MessageBody: sweepMessage(request),
  }));
  const { Failed = [] } = await client
    .send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    .catch((error: unknown) => {
      throw failed(QueueUrl, describeFailure(error), { ...failureOf(error), cause: error });
    });
  const [first] = Failed;
  if (first === undefined) return;
  const isOurFault = first.SenderFault === true;
  const details = { reason: isOurFault ? 'invalid' : 'server', retryable: !isOurFault } as const;
  throw failed(
    QueueUrl,
    `${Failed.length} of ${plural(requests.length, 'message')} (${first.Code})`,
    details,
  );
}

const failed = (
  queueUrl: string,
  why: string,
  details: ConstructorParameters<typeof SweepQueueError>[1],
): SweepQueueError => new SweepQueueError(`Cannot send to "${queueUrl}": ${why}`, details);
