import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsMessageQueue } from '../../adapters/sqs/sqs-message-queue.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** The queues that events come from: they are beside the delivery queue, so that no setting need name them. */
export function eventQueues({ config, sdk }: Joints): Pick<Service, 'eventQueue'> {
  const client = new SQSClient(sdk);
  const beside = config.deliveryQueueUrl.replace(/[^/]*$/, '');
  return { eventQueue: (queueArn) => sqsMessageQueue(client, `${beside}${queueArn.split(':').at(-1)}`) };
}
