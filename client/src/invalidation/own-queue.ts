import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** The topic, names, clients and clock of a process's own queue. */
export interface QueueParts {
  readonly topicArn: string;
  /** Names of queues begin with it; the role may touch no others. */
  readonly queuePrefix: string;
  readonly consumer: string;
  readonly sqs: () => Promise<SQSClient>;
  readonly sns: () => Promise<SNSClient>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** A queue of this process, subscribed to the topic. */
export interface OwnQueue {
  readonly url: string;
  /** Says that the process lives, for the processes that collect what was left behind. */
  renew(): Promise<void>;
  /** Ends the subscription and the queue. */
  remove(): Promise<void>;
}

const ALIVE_UNTIL = 'secret-rotation-client:alive-until';
const CONSUMER = 'secret-rotation-client:consumer';
const TOPIC = 'secret-rotation-client:topic';

/** Time between two renewals of a queue, in milliseconds: SQS allows few calls about tags per second and account. */
export const RENEW_MS: number = 30 * 60_000;
/** A queue that was not renewed for so long has no process any longer. */
const ALIVE_MS: number = 75 * 60_000;
/** Most queues of others that a start looks at. */
const MOST_COLLECTED = 10;

const ATTRIBUTES: Readonly<Record<string, string>> = {
  // A move that is older was taken up by the cache's own reads, or is reported again by a sweep of the monitor.
  MessageRetentionPeriod: '300',
  ReceiveMessageWaitTimeSeconds: '20',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

const RAW = { RawMessageDelivery: 'true' };

/** Makes a queue, lets the topic alone send to it, and subscribes it. A queue that gets no subscription goes again. */
export async function makeQueue(parts: QueueParts): Promise<OwnQueue> {
  const { CreateQueueCommand } = await import('@aws-sdk/client-sqs');
  const sqs = await parts.sqs();
  const { QueueUrl: url = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: nameOf(parts), Attributes: ATTRIBUTES, tags: tagsOf(parts) }),
  );
  try {
    const arn = await admitTopic(parts, url);
    const subscriptionArn = await subscribe(parts, arn);
    return {
      url,
      renew: () => renew(parts, url),
      remove: () => removeQueue(parts, url, subscriptionArn),
    };
  } catch (error) {
    await deleteQueue(parts, url).catch(() => undefined);
    throw error;
  }
}

/**
 * Removes queues of this prefix and topic whose processes ended without removing them. Each start looks at a few;
 * an idle queue costs nothing.
 */
export async function collectOrphans(parts: QueueParts): Promise<number> {
  const { ListQueuesCommand } = await import('@aws-sdk/client-sqs');
  const sqs = await parts.sqs();
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: parts.queuePrefix }));
  const start = Math.floor(parts.random() * QueueUrls.length);
  const looked = [...QueueUrls.slice(start), ...QueueUrls.slice(0, start)].slice(0, MOST_COLLECTED);
  let collected = 0;
  for (const url of looked) if (await collect(parts, url)) collected++;
  return collected;
}

async function collect(parts: QueueParts, url: string): Promise<boolean> {
  const { ListQueueTagsCommand, GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const sqs = await parts.sqs();
  try {
    const { Tags = {} } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }));
    const aliveUntil = Number(Tags[ALIVE_UNTIL] ?? Number.NaN) * 1_000;
    // Without these tags it is not one of ours, whatever its name.
    if (Tags[TOPIC] !== parts.topicArn || !(aliveUntil < parts.now())) return false;
    const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
    const { Attributes } = await sqs.send(asked);
    // Subscribing what is subscribed answers the subscription that is there.
    const subscriptionArn = await subscribe(parts, Attributes?.['QueueArn'] ?? '');
    await removeQueue(parts, url, subscriptionArn);
    return true;
  } catch (error) {
    // Another process was faster.
    if (isGone(error)) return false;
    throw error;
  }
}

/** Whether a call failed because there is no such queue. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error && /QueueDoesNotExist|NonExistentQueue/.test(error.name);

function nameOf({ queuePrefix, consumer, random }: QueueParts): string {
  const suffix = Math.floor(random() * 16 ** 8)
    .toString(16)
    .padStart(8, '0');
  const readable = consumer.replaceAll(/[^\w-]+/g, '-').slice(0, 80 - queuePrefix.length - 9);
  return `${queuePrefix}${readable}-${suffix}`;
}

const tagsOf = ({ now, consumer, topicArn }: QueueParts): Record<string, string> => ({
  [ALIVE_UNTIL]: String(Math.floor((now() + ALIVE_MS) / 1_000)),
  [CONSUMER]: consumer,
  [TOPIC]: topicArn,
});

async function renew(parts: QueueParts, QueueUrl: string): Promise<void> {
  const { TagQueueCommand } = await import('@aws-sdk/client-sqs');
  await (await parts.sqs()).send(new TagQueueCommand({ QueueUrl, Tags: tagsOf(parts) }));
}

/** Answers the ARN of the queue. */
async function admitTopic({ sqs, topicArn }: QueueParts, QueueUrl: string): Promise<string> {
  const { GetQueueAttributesCommand, SetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const client = await sqs();
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const arn = (await client.send(asked)).Attributes?.['QueueArn'] ?? '';
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arn,
    Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  return arn;
}

async function subscribe({ sns, topicArn }: QueueParts, Endpoint: string): Promise<string> {
  const { SubscribeCommand } = await import('@aws-sdk/client-sns');
  const subscribing = { TopicArn: topicArn, Protocol: 'sqs', Endpoint, Attributes: RAW };
  const command = new SubscribeCommand({ ...subscribing, ReturnSubscriptionArn: true });
  return (await (await sns()).send(command)).SubscriptionArn ?? '';
}

/** The subscription goes first: one whose queue is gone could not be found any longer. */
async function removeQueue(parts: QueueParts, url: string, SubscriptionArn: string): Promise<void> {
  const { UnsubscribeCommand } = await import('@aws-sdk/client-sns');
  await (await parts.sns()).send(new UnsubscribeCommand({ SubscriptionArn }));
  await deleteQueue(parts, url);
}

async function deleteQueue({ sqs }: QueueParts, QueueUrl: string): Promise<void> {
  const { DeleteQueueCommand } = await import('@aws-sdk/client-sqs');
  await (await sqs()).send(new DeleteQueueCommand({ QueueUrl }));
}
