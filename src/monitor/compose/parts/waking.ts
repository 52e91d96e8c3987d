import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsDeliveryQueue } from '../../adapters/sqs/sqs-delivery-queue.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** Makes the queue that wakes the delivery. */
export const waking = ({ config, sdk }: Joints): Pick<Service, 'queue'> => ({
  queue: sqsDeliveryQueue(new SQSClient(sdk), config.deliveryQueueUrl),
});
