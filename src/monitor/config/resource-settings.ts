import type { MemberGroup } from '../domain/secret/member-group.ts';
import type { SecretArn } from '../domain/secret/secret.ts';
import { memberGroups } from './member-groups.ts';
import type { SettingTable } from './setting.ts';
import * as kind from './setting-kind.ts';

/** Topics and queues through which people and watchers are reached. */
interface ChannelConfig {
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
const CHANNEL_SETTINGS: SettingTable<ChannelConfig> = {
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
      'The SNS topic for CRITICAL alerts that nobody has acknowledged for 30 minutes, in addition to the alert topic; also for their end.',
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
      'The SNS topic for the health of the monitor itself: alerts do not arrive, or nobody is subscribed to them.',
  },
  deadLetterQueueUrls: {
    key: 'dead-letter-queue-urls',
    kind: kind.urlList,
    default: '',
    example:
      'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-dead-letters,https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-undelivered',
    meaning:
      "The dead-letter queues of the monitor's own queues; each sweep checks them and reports messages in them to the health topic.",
  },
  heartbeatUrlParameter: {
    key: 'heartbeat-url-parameter',
    kind: kind.parameterName,
    optional: true,
    example: '/rotation-monitor/heartbeat-url',
    meaning:
      'The SSM parameter, a SecureString, that holds a URL to GET after every complete sweep, at a watcher outside AWS that raises an alarm when the requests stop.',
  },
};

/** The monitor's place and the resources it uses. Durations are in milliseconds. */
export interface ResourceConfig extends ChannelConfig {
  readonly accountId: string;
  readonly region: string;
  readonly members: readonly MemberGroup[];
  readonly memberRoleName: string;
  readonly memberExternalId: string | undefined;
  readonly sweepQueueUrl: string | undefined;
  readonly tableName: string;
  readonly leaseTableName: string | undefined;
  readonly applicationBusName: string | undefined;
  readonly deadlineScheduleGroup: string | undefined;
  readonly deadlineTargetArn: string | undefined;
  readonly deadlineRoleArn: string | undefined;
  readonly canarySecretArn: SecretArn | undefined;
  readonly auditEveryMs: number | undefined;
  readonly reportBucketName: string | undefined;
  readonly reportKeyPrefix: string;
  readonly packageVersion: string | undefined;
}

/** The settings of {@link ResourceConfig}. */
export const RESOURCE_SETTINGS: SettingTable<ResourceConfig> = {
  accountId: {
    key: 'account-id',
    kind: kind.accountId,
    example: '111122223333',
    meaning: 'The account that the monitor runs in; its secrets are watched.',
  },
  region: {
    key: 'region',
    kind: kind.region,
    insteadOf: 'AWS_REGION',
    example: 'eu-west-1',
    meaning: 'The region that the monitor runs in; the secrets of the account there are watched.',
  },
  members: {
    key: 'members',
    kind: memberGroups,
    default: '[]',
    needs: 'sweep-queue-url',
    example: '[{"accounts":["444455556666"],"regions":["eu-west-1","us-east-1"]}]',
    meaning:
      'Other accounts and regions whose secrets are watched too: groups with `regions` and with `accounts`, `organizationalUnits` or both.',
  },
  memberRoleName: {
    key: 'member-role-name',
    kind: kind.roleName,
    default: 'secret-rotation-monitor-member',
    example: 'secret-rotation-monitor-member',
    meaning: 'The role that the monitor assumes in each other account to look at secrets.',
  },
  memberExternalId: {
    key: 'member-external-id',
    kind: kind.externalId,
    optional: true,
    example: 'rotation-monitor-1a2b3c',
    meaning: 'The external id that the trust policies of these roles ask for.',
  },
  sweepQueueUrl: {
    key: 'sweep-queue-url',
    kind: kind.url,
    optional: true,
    example: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-sweeps',
    meaning:
      'The SQS queue that feeds the function `sweep-target`: other accounts and regions are swept through it, and sweeps go on through it that take longer than a function may run.',
  },
  tableName: {
    key: 'table-name',
    kind: kind.tableName,
    example: 'rotation-monitor',
    meaning: 'The DynamoDB table for what was found and sent.',
  },
  leaseTableName: {
    key: 'lease-table-name',
    kind: kind.tableName,
    optional: true,
    example: 'rotation-leases',
    meaning:
      'The DynamoDB table for the leases of applications, separate from the state of the monitor; without it, no confirmations are expected.',
  },
  ...CHANNEL_SETTINGS,
  applicationBusName: {
    key: 'application-bus-name',
    kind: kind.busName,
    optional: true,
    example: 'applications',
    meaning:
      'The event bus that notifies applications to drop a cached secret; without it, they are not notified.',
  },
  deadlineScheduleGroup: {
    key: 'deadline-schedule-group',
    kind: kind.scheduleGroup,
    optional: true,
    together: 'deadlines',
    example: 'rotation-deadlines',
    meaning:
      'The group of EventBridge Scheduler in which one-time schedules have a secret checked at its deadline. The next two settings belong to it; without them, a sweep reports what is due.',
  },
  deadlineTargetArn: {
    key: 'deadline-target-arn',
    kind: kind.functionArn,
    optional: true,
    together: 'deadlines',
    example: 'arn:aws:lambda:eu-west-1:111122223333:function:check-secret',
    meaning: 'The function `check-secret`, which these schedules invoke.',
  },
  deadlineRoleArn: {
    key: 'deadline-role-arn',
    kind: kind.roleArn,
    optional: true,
    together: 'deadlines',
    example: 'arn:aws:iam::111122223333:role/rotation-deadlines',
    meaning: 'The role with which EventBridge Scheduler invokes it.',
  },
  canarySecretArn: {
    key: 'canary-secret-arn',
    kind: kind.secretArn,
    optional: true,
    example: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rotation-canary-1a2b3c',
    meaning:
      'The canary: a secret of the monitor itself, whose rotations and hourly tag prove that events arrive. It is never judged and never counted.',
  },
  auditEveryMs: {
    key: 'audit-every',
    kind: kind.duration,
    optional: true,
    example: '7d',
    meaning:
      'The longest time between two scheduled audits, by their schedule; a day later an audit counts as missed. Set where audits are scheduled.',
  },
  reportBucketName: {
    key: 'report-bucket',
    kind: kind.bucketName,
    optional: true,
    example: 'example-audits',
    meaning: 'The bucket, with versions, that the function `audit` stores its reports in.',
  },
  reportKeyPrefix: {
    key: 'report-prefix',
    kind: kind.keyPrefix,
    default: '',
    example: 'audits/',
    meaning: 'The beginning of the keys of these reports, with a slash at its end.',
  },
  packageVersion: {
    key: 'package-version',
    kind: kind.version,
    optional: true,
    example: '1.2.3',
    meaning: 'The version of this package, which reports name.',
  },
};
