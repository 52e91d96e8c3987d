import type { Redacted } from '../domain/redacted.ts';
import type { SettingTable } from './setting.ts';
import * as kind from './setting-kind.ts';

/** Where the monitor runs and which resources it uses. Durations in milliseconds. */
export interface ResourceConfig {
  readonly accountId: string;
  readonly region: string;
  readonly tableName: string;
  readonly alertTopicArn: string;
  readonly deliveryQueueUrl: string;
  readonly chatTopicArn: string | undefined;
  readonly chatQueueUrl: string | undefined;
  readonly slackWebhookParameter: string | undefined;
  readonly qTopicArn: string | undefined;
  readonly healthTopicArn: string | undefined;
  readonly heartbeatUrl: Redacted | undefined;
  readonly applicationBusName: string | undefined;
}

/** The settings of {@link ResourceConfig}. */
export const RESOURCE_SETTINGS: SettingTable<ResourceConfig> = {
  accountId: {
    key: 'account-id',
    kind: kind.accountId,
    example: '111122223333',
    meaning: 'The account whose secrets are watched.',
  },
  region: {
    key: 'region',
    kind: kind.region,
    insteadOf: 'AWS_REGION',
    example: 'eu-west-1',
    meaning: 'The region whose secrets are watched.',
  },
  tableName: {
    key: 'table-name',
    kind: kind.tableName,
    example: 'rotation-monitor',
    meaning: 'The DynamoDB table that remembers what was seen and told.',
  },
  alertTopicArn: {
    key: 'alert-topic-arn',
    kind: kind.topicArn,
    example: 'arn:aws:sns:eu-west-1:111122223333:rotation-alerts',
    meaning: 'The SNS topic that alerts are published to.',
  },
  deliveryQueueUrl: {
    key: 'delivery-queue-url',
    kind: kind.url,
    example: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-delivery',
    meaning: 'The SQS queue that wakes the delivery of alerts.',
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
  heartbeatUrl: {
    key: 'heartbeat-url',
    kind: kind.secretUrl,
    optional: true,
    example: 'https://heartbeat.example.com/your-token',
    meaning:
      'A URL to GET after every complete sweep, at a watcher outside AWS that raises the alarm when that stays away; treated as a secret.',
  },
  applicationBusName: {
    key: 'application-bus-name',
    kind: kind.busName,
    optional: true,
    example: 'applications',
    meaning:
      'The event bus on which applications are told to drop a cached secret; without it they are not told.',
  },
};
