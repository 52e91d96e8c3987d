import type { Redacted } from '../domain/redacted.ts';
import type { SettingKind } from './setting-kind.ts';
import * as kind from './setting-kind.ts';

/** One setting. */
export interface Setting<T> {
  /** Kebab-case; the environment variable is derived from it. */
  readonly key: string;
  /** What a secret's tag that overrides it ends with, after `rotation-monitor:`. */
  readonly tag?: string;
  readonly kind: SettingKind<T>;
  /** As it would be written; without one the setting is required, or undefined if `optional`. */
  readonly default?: string;
  readonly optional?: true;
  /** A variable of the runtime that stands in when ours is not set. */
  readonly insteadOf?: string;
  readonly example: string;
  /** One sentence. */
  readonly meaning: string;
}

/** What the monitor runs with; made once by `readConfig` and never changed. Durations in milliseconds. */
export interface Config {
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
  readonly metricsTransport: 'emf' | 'put-metric-data';
  readonly metricsNamespace: string;
  readonly stuckAfterMs: number;
  readonly managedStuckAfterMs: number;
  readonly overdueGraceMs: number;
  readonly failedGraceMs: number;
  readonly splitGraceMs: number;
  readonly owners: readonly string[];
  readonly sweepIntervalMs: number;
  readonly groupWaitMs: number;
  readonly criticalGroupWaitMs: number;
  readonly silenceCritical: 'no' | 'yes';
  readonly runbookBaseUrl: string | undefined;
}

/** The settings table: configuration, documentation and deployed environment follow it. */
export const SETTINGS: { readonly [Name in keyof Config]: Setting<NonNullable<Config[Name]>> } = {
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
  metricsTransport: {
    key: 'metrics-transport',
    kind: kind.choice('emf', 'put-metric-data'),
    default: 'emf',
    example: 'emf',
    meaning: 'How metrics reach CloudWatch: through the log (embedded metric format) or by PutMetricData.',
  },
  metricsNamespace: {
    key: 'metrics-namespace',
    kind: kind.namespace,
    default: 'SecretRotation',
    example: 'SecretRotation',
    meaning: 'The CloudWatch namespace of all metrics.',
  },
  stuckAfterMs: {
    key: 'stuck-after',
    tag: 'stuck-after',
    kind: kind.duration,
    default: '60m',
    example: '60m',
    meaning:
      "A version that is pending for longer is stuck, on secrets with a rotation function; never longer than the secret's rotation window.",
  },
  managedStuckAfterMs: {
    key: 'managed-stuck-after',
    tag: 'stuck-after',
    kind: kind.duration,
    default: '15m',
    example: '15m',
    meaning: 'The same for secrets that Secrets Manager rotates itself, which usually takes a minute.',
  },
  overdueGraceMs: {
    key: 'overdue-grace',
    tag: 'grace',
    kind: kind.duration,
    default: '15m',
    example: '15m',
    meaning: 'How long past the end of its rotation window a secret may be before it is overdue.',
  },
  failedGraceMs: {
    key: 'failed-grace',
    kind: kind.duration,
    default: '15m',
    example: '15m',
    meaning: 'How long a failed rotation may take to heal before it is announced.',
  },
  splitGraceMs: {
    key: 'split-grace',
    kind: kind.duration,
    default: '2m',
    example: '2m',
    meaning: 'The same after a failed testSecret or finishSecret, when AWSCURRENT may be dead already.',
  },
  owners: {
    key: 'owners',
    kind: kind.list,
    default: '',
    example: 'payments,platform',
    meaning: 'The owners that the tag `rotation-monitor:owner` of a secret may choose from, for routing.',
  },
  sweepIntervalMs: {
    key: 'sweep-interval',
    kind: kind.duration,
    default: '5m',
    example: '5m',
    meaning: 'How often all secrets are looked at.',
  },
  groupWaitMs: {
    key: 'group-wait',
    kind: kind.duration,
    default: '30s',
    example: '30s',
    meaning: 'How long an alert waits for others of its group before one message is sent for all.',
  },
  criticalGroupWaitMs: {
    key: 'critical-group-wait',
    kind: kind.duration,
    default: '5s',
    example: '5s',
    meaning: 'The same for alerts of severity CRITICAL.',
  },
  silenceCritical: {
    key: 'silence-critical',
    kind: kind.choice('no', 'yes'),
    default: 'no',
    example: 'no',
    meaning: 'Whether the tag `rotation-monitor:silence-until` may keep CRITICAL alerts quiet too.',
  },
  runbookBaseUrl: {
    key: 'runbook-base-url',
    kind: kind.url,
    optional: true,
    example: 'https://wiki.example.com/runbooks',
    meaning: 'Where the runbook pages are published; alerts then link to `<url>/<finding code>.md`.',
  },
};

/** The environment variable of a setting. */
export const variableOf = ({ key }: Pick<Setting<unknown>, 'key'>): string =>
  `ROTATION_MONITOR_${key.replaceAll('-', '_').toUpperCase()}`;
