import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import type { AuditProps } from './audit-props.ts';
import type { MemberProps } from './member-props.ts';
import type { SettingProps } from './setting-props.ts';

/** Properties of a `RotationMonitor`. */
export interface RotationMonitorProps extends SettingProps, MemberProps, AuditProps {
  /**
   * Subscriptions to the alerts.
   *
   * @default - nobody; add subscriptions to `alertTopic`, one of them without a filter, or the app is not synthesized
   */
  readonly subscriptions?: readonly ITopicSubscription[];
  /**
   * Whether others than this app subscribe to the alerts and to the health topic. Without it the app is synthesized only
   * if somebody in it is subscribed to all alerts, and somebody to the health topic.
   *
   * @default false
   */
  readonly subscribedElsewhere?: boolean;
  /**
   * Subscriptions to the notices about the monitor itself.
   *
   * @default - those who get alerts, unfiltered
   */
  readonly healthSubscriptions?: readonly ITopicSubscription[];
  /**
   * Subscriptions to CRITICAL alerts that nobody has acknowledged for half an hour.
   *
   * @default - nobody but those who get the alerts
   */
  readonly escalationSubscriptions?: readonly ITopicSubscription[];
  /**
   * Name of the SSM parameter, a SecureString, that holds the address of a Slack webhook. It has to exist already:
   * CloudFormation cannot make one.
   *
   * @default - nothing is posted to Slack
   */
  readonly slackWebhookParameterName?: string;
  /**
   * The key that this parameter is encrypted with.
   *
   * @default - the key that AWS manages for SSM
   */
  readonly slackWebhookEncryptionKey?: IKey;
  /**
   * Whether to make a topic for Amazon Q Developer in chat applications.
   *
   * @default false
   */
  readonly amazonQ?: boolean;
  /**
   * Name of the SSM parameter, a SecureString, that holds a URL to GET after every complete sweep, at a watcher outside
   * AWS. It has to exist already: CloudFormation cannot make one.
   *
   * @default - nobody watches from outside
   */
  readonly heartbeatUrlParameterName?: string;
  /**
   * The key that this parameter is encrypted with.
   *
   * @default - the key that AWS manages for SSM
   */
  readonly heartbeatUrlEncryptionKey?: IKey;
  /**
   * The event bus on which applications are notified of new versions.
   *
   * @default - applications are not notified
   */
  readonly applicationBus?: IEventBus;
  /**
   * Whether to make the three dashboards, at 3 USD a month each. The alarms are made either way.
   * https://aws.amazon.com/cloudwatch/pricing/
   *
   * @default true
   */
  readonly dashboards?: boolean;
  /**
   * Whether to make a canary: a secret with rotations and calls of its own, which prove that events arrive.
   *
   * @default false
   */
  readonly canary?: boolean;
  /**
   * Whether applications read through local agents and report on them in the namespace of the monitor: an alarm on their
   * availability, at 0.10 USD a month. https://aws.amazon.com/cloudwatch/pricing/
   *
   * @default false
   */
  readonly localAgents?: boolean;
  /**
   * Number of other accounts and regions swept in parallel, from 2 to 1,000.
   *
   * @default 5
   */
  readonly sweepsAtOnce?: number;
  /**
   * Retention of the functions' logs.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * Fate of the table, the key and the bucket of audits when the monitor is removed; those of a first deployment that fails go.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Folder with the bundles of the handlers.
   *
   * @default - the bundles of this package; in its sources `npm run build` makes them
   */
  readonly handlerFolder?: string;
}
