/** Seconds of the month that everything is counted for. */
export const MONTH_SECONDS: number = 30 * 86_400;

/** The senders and receivers of one encrypted queue. */
export interface QueueUse {
  /** Time that SQS keeps a data key. */
  readonly reuseSeconds: number;
  /** Principals that send, and that receive. */
  readonly producers: number;
  readonly consumers: number;
}

/**
 * Most requests to KMS that a queue makes in a month: AWS's own formula, R = B / D × (2 × P + C), as if every principal
 * used the queue in every period.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export const requestsOfQueue = ({ reuseSeconds, producers, consumers }: QueueUse): number =>
  (MONTH_SECONDS / reuseSeconds) * (2 * producers + consumers);

/** Time that DynamoDB keeps a table key for a principal, and SNS a data key for a topic. */
const KEPT_SECONDS = 300;

/**
 * Most requests that the calls of one principal to the table make in a month: DynamoDB asks again after five minutes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
 */
export const requestsOfTable = (callsAMonth: number): number =>
  Math.min(callsAMonth, MONTH_SECONDS / KEPT_SECONDS);

/**
 * Most requests that publishing to encrypted topics makes in a month: one to encrypt and one to decrypt, at most once
 * in five minutes. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const requestsOfTopics = (publishesAMonth: number): number =>
  2 * Math.min(publishesAMonth, MONTH_SECONDS / KEPT_SECONDS);
