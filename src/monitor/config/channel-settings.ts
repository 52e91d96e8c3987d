import type { SettingTable } from './setting.ts';
import * as kind from './setting-kind.ts';

/** How people and watchers are reached. */
export interface ChannelConfig {
  readonly alertTopicArn: string;
  readonly escalationTopicArn: string | undefined;
  readonly deliveryQueueUrl: string;
  readonly functionName: string | undefined;
  readonly chatTopicArn: string | undefined;
  readonly chatQueueUrl: string | undefined;
  readonly slackWebhookParameter: string | undefined;
  readonly qTopicArn: string | undefined;
  readonly healthTopicArn: string | undefined;
  readonly deadLetterQueueUrls: readonly string[];
  readonly heartbeatUrlParameter: string | undefined;
}

/** The settings of {@link ChannelConfig}. */
export const CHANNEL_SETTINGS: SettingTable<ChannelConfig> = {
  alertTopicArn: {
    key: 'alert-topic-arn',
    kind: kind.topicArn,
    example: 'arn:aws:sns:eu-west-1:111122223333:rotation-alerts',
    meaning: 'The SNS topic that alerts are published to.',
  },
  escalationTopicArn: {
    key: 'escalation-topic-arn',
    kind: kind.topicArn,
    optional: true,
    example: 'arn:aws:sns:eu-west-1:111122223333:rotation-escalations',
    meaning:
      'The SNS topic that a CRITICAL alert is published to, besides the alert topic, when nobody has acknowledged it for 30 minutes, and again when it is over.',
  },
  deliveryQueueUrl: {
    key: 'delivery-queue-url',
    kind: kind.url,
    example: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-delivery',
    meaning: 'The SQS queue that wakes the delivery of alerts.',
  },
  functionName: {
    key: 'function-name',
    kind: kind.functionName,
    insteadOf: 'AWS_LAMBDA_FUNCTION_NAME',
    optional: true,
    example: 'rotation-monitor-deliver',
    meaning:
      'The name of the function that reads this. Alerts and the widget hold the command that acknowledges them: they name the function beside it, `…-acknowledge`.',
  },
  chatTopicArn: {
    key: 'chat-topic-arn',
    kind: kind.topicArn,
    optional: true,
    example: 'arn:aws:sns:eu-west-1:111122223333:rotation-chat',
    meaning: 'The SNS topic that alerts are published to as JSON, for queues that feed chat notifiers.',
  },
  chatQueueUrl: {
    key: 'chat-queue-url',
    kind: kind.url,
    optional: true,
    example: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-chat',
    meaning: 'The SQS queue behind the chat topic that feeds the Slack notifier.',
  },
  slackWebhookParameter: {
    key: 'slack-webhook-parameter',
    kind: kind.parameterName,
    optional: true,
    example: '/rotation-monitor/slack-webhook',
    meaning: 'The SSM parameter, a SecureString, that holds the address of the Slack webhook.',
  },
  qTopicArn: {
    key: 'q-topic-arn',
    kind: kind.topicArn,
    optional: true,
    example: 'arn:aws:sns:eu-west-1:111122223333:rotation-amazon-q',
    meaning: 'The SNS topic that Amazon Q Developer in chat applications reads alerts from.',
  },
  healthTopicArn: {
    key: 'health-topic-arn',
    kind: kind.topicArn,
    optional: true,
    example: 'arn:aws:sns:eu-west-1:111122223333:rotation-health',
    meaning:
      'The SNS topic on which the monitor tells that alerts do not arrive or that nobody is subscribed to them.',
  },
  deadLetterQueueUrls: {
    key: 'dead-letter-queue-urls',
    kind: kind.urlList,
    default: '',
    example:
      'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-dead-letters,https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-undelivered',
    meaning:
      "The dead-letter queues of the monitor's own queues; each sweep looks whether anything is in them, and tells it on the health topic.",
  },
  heartbeatUrlParameter: {
    key: 'heartbeat-url-parameter',
    kind: kind.parameterName,
    optional: true,
    example: '/rotation-monitor/heartbeat-url',
    meaning:
      'The SSM parameter, a SecureString, that holds a URL to GET after every complete sweep, at a watcher outside AWS that raises the alarm when that stays away.',
  },
};
