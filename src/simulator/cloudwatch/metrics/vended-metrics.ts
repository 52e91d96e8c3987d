import { HOUR, type Instant, MINUTE } from '../../../calendar/instant.ts';
import type { Queue } from '../../sqs/queue.ts';
import type { MetricStore, NewDatapoint } from './metric-store.ts';
import { statisticsOf } from './statistics.ts';

/** Takes what Secrets Manager and SQS publish of themselves; of Lambda, `lambda/invocation-metrics.ts` does. */
export interface VendedMetrics {
  /** A call of Secrets Manager's API. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Service-Quota-Integration.html */
  secretsManagerCalled(operation: string, at: Instant): void;
  /** The state of a queue in the minute that ends. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
  queueSampled(queue: Queue, at: Instant): void;
}

/** SQS publishes for a queue until so long after it was last used. */
const QUEUE_ACTIVE_FOR: number = 6 * HOUR;

/** Writes into the store what AWS would. */
export const vendedMetrics = (store: MetricStore): VendedMetrics => ({
  secretsManagerCalled: (operation, at) =>
    store.add({
      namespace: 'AWS/Usage',
      name: 'CallCount',
      dimensions: { Type: 'API', Resource: operation, Service: 'Secrets Manager', Class: 'None' },
      unit: 'None',
      at,
      values: statisticsOf([1]),
    }),
  queueSampled: (queue, at) => {
    if (at - queue.usedAt > QUEUE_ACTIVE_FOR && queue.depth().visible === 0) return;
    for (const point of queueDatapoints(queue, at)) store.add(point);
  },
});

/** Returns the datapoints of a queue for the minute that ends at `at`. */
function queueDatapoints(queue: Queue, at: Instant): readonly NewDatapoint[] {
  const oldest = queue.oldestSentAt();
  const { visible } = queue.depth();
  const values: readonly (readonly [string, string, number])[] = [
    ['ApproximateAgeOfOldestMessage', 'Seconds', oldest === undefined ? 0 : Math.floor((at - oldest) / 1000)],
    ['ApproximateNumberOfMessagesVisible', 'Count', visible],
  ];
  const minute = (at - MINUTE) as Instant;
  return values.map(([name, unit, value]) => ({
    namespace: 'AWS/SQS',
    name,
    dimensions: { QueueName: queue.name },
    unit,
    at: minute,
    values: statisticsOf([value]),
  }));
}
