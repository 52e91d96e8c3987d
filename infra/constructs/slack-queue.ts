import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SettingTexts } from '../props/environment.ts';
import { admitSender, EncryptedQueue } from './encrypted-queue.ts';

/** Properties of a {@link SlackQueue}. */
export interface SlackQueueProps {
  readonly encryptionKey: IKey;
  /** Name of the SSM parameter with the address of the webhook; one known only at deployment begins with a slash. */
  readonly parameterName: string;
  readonly visibilityTimeout: Duration;
  /** Gets what could not be posted. */
  readonly deadLetterQueue: Queue;
}

/** The notifier gives a message back while Slack asks for a pause, and each time counts. */
const MAX_RECEIVE_COUNT = 10;

/** The way from alerts to Slack: a topic whose messages wait in a queue, as they are, until Slack takes them. */
export class SlackQueue extends Construct {
  readonly topic: Topic;
  readonly queue: EncryptedQueue;
  readonly parameterName: string;
  /** Settings from which functions learn topic, queue and parameter. */
  readonly settings: SettingTexts;

  constructor(scope: Construct, id: string, props: SlackQueueProps) {
    super(scope, id);
    const { encryptionKey, parameterName, visibilityTimeout, deadLetterQueue } = props;
    this.topic = new Topic(this, 'Topic', { masterKey: encryptionKey, enforceSSL: true });
    this.queue = new EncryptedQueue(this, 'Messages', {
      encryptionKey,
      visibilityTimeout,
      maxReceiveCount: MAX_RECEIVE_COUNT,
      deadLetterQueue,
    });
    this.#subscribe(this.queue.queue);
    this.parameterName = parameterName;
    this.settings = {
      chatTopicArn: this.topic.topicArn,
      chatQueueUrl: this.queue.queue.queueUrl,
      slackWebhookParameter: parameterName,
    };
  }

  /** By hand, for SqsSubscription lets every topic of the world use the key, or makes key and topic wait for each other. */
  #subscribe(queue: Queue): void {
    const { topic } = this;
    admitSender(queue, 'sns.amazonaws.com', [topic.topicArn]);
    new Subscription(this, 'Subscription', {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
    });
  }
}
