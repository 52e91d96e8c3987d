import { Duration, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/**
 * Time that SQS keeps a data key, and so may go on after its KMS key is revoked: an hour would cost 0.03 USD a month
 * more. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export const DATA_KEY_REUSE: Duration = Duration.hours(12);

/** Properties of an {@link EncryptedQueue}. */
export interface EncryptedQueueProps {
  readonly encryptionKey: IKey;
  /** Lambda wants at least six times the timeout of the function that takes from the queue. */
  readonly visibilityTimeout: Duration;
  /** Number of receives after which a message goes to the dead-letter queue. */
  readonly maxReceiveCount: number;
  /** Gets dead messages. */
  readonly deadLetterQueue: Queue;
}

/**
 * Retention of messages, as long as SQS can.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const LONGEST_RETENTION: Duration = Duration.days(14);

/** A queue that nobody can use without TLS; messages that fail again and again leave it. */
export class EncryptedQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: EncryptedQueueProps) {
    super(scope, id);
    const { encryptionKey, visibilityTimeout, maxReceiveCount, deadLetterQueue: queue } = props;
    this.queue = new Queue(this, 'Queue', {
      ...encrypted(encryptionKey),
      visibilityTimeout,
      deadLetterQueue: { queue, maxReceiveCount },
    });
  }
}

/**
 * A queue that only people take from; it keeps what it gets as long as SQS can. Without a key SQS encrypts it by
 * itself: a key for each region of each account would cost more than all else there.
 */
export function deadLetterQueue(scope: Construct, id: string, encryptionKey?: IKey): Queue {
  const encryption =
    encryptionKey === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true }
      : encrypted(encryptionKey);
  const queue = new Queue(scope, id, { ...encryption, retentionPeriod: LONGEST_RETENTION });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'It is a dead-letter queue itself, of what EventBridge, Scheduler and Lambda give up.',
  });
  return queue;
}

/** Lets a service send to the queue on behalf of some resources. */
export function admitSender(queue: Queue, service: string, sourceArns: readonly string[]): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal(service)],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': sourceArns } },
    }),
  );
}

const encrypted = (encryptionMasterKey: IKey): QueueProps => ({
  encryption: QueueEncryption.KMS,
  encryptionMasterKey,
  dataKeyReuse: DATA_KEY_REUSE,
  enforceSSL: true,
});
