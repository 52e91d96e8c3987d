import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import * as may from '../permissions/permissions.ts';
import { type AuditProps, auditPlan } from '../props/audit-props.ts';
import type { SettingTexts } from '../props/environment.ts';
import { type Membership, membershipOf } from '../props/membership.ts';
import type { RotationMonitorProps } from '../props/rotation-monitor-props.ts';
import { auditSettingTexts } from '../props/setting-props.ts';
import { AlertTopics } from './alert-topics.ts';
import { AuditBucket } from './audits.ts';
import { CanarySecret } from './canary.ts';
import { deadLetterQueue, EncryptedQueue } from './encrypted-queue.ts';
import { EncryptionKey } from './encryption-key.ts';
import { LONGEST, SHORT } from './function-spec.ts';
import { MemberBus } from './member-bus.ts';
import { ScheduleGroup } from './schedule-group.ts';
import { SlackQueue } from './slack-queue.ts';
import { LeaseTable, StateTable } from './state-table.ts';

/** Lambda wants queues to hide a message for six times the timeout. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const AFTER_SHORT = Duration.seconds(6 * SHORT.toSeconds());
const AFTER_LONGEST = Duration.seconds(6 * LONGEST.toSeconds());
/** A message that failed so often is put aside. */
const MAX_RECEIVE_COUNT = 5;

/** Number of targets swept in parallel by default: some 500 of 1,000 secrets in five minutes. */
const SWEEPS_AT_ONCE = 5;

/** Properties of {@link MonitorResources}. */
export interface MonitorResourcesProps extends RotationMonitorProps {
  /** The function that checks one secret. */
  readonly checkSecretArn: string;
  /** The function that audits. */
  readonly auditArn: string;
}

/** A parameter that others have made, with the key that it is encrypted with where AWS does not manage that. */
export interface ParameterPlace {
  readonly parameterName: string | undefined;
  readonly encryptionKey: IKey | undefined;
}

/** Resources that the functions share: key, table, queues and topics. */
export class MonitorResources extends Construct {
  readonly encryptionKey: IKey;
  readonly table: StateTable;
  /** Table in which applications report the versions they use. */
  readonly leases: LeaseTable;
  readonly rotationQueue: EncryptedQueue;
  readonly labelQueue: EncryptedQueue;
  readonly deliveryQueue: EncryptedQueue;
  /** Gets the sweeps that are to be gone on with. */
  readonly sweepQueue: EncryptedQueue;
  /**
   * Gets what functions failed on, from all queues: a redrive takes each message back to the queue it came from.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
   */
  readonly deadLetters: Queue;
  /** Gets what EventBridge, Scheduler and Lambda could not hand over; none of it can be redriven. */
  readonly undelivered: Queue;
  readonly topics: AlertTopics;
  /** Undefined unless alerts are posted to Slack. */
  readonly slack: SlackQueue | undefined;
  /** The key of the parameter that holds the webhook; undefined where AWS manages it. */
  readonly slackKey: IKey | undefined;
  /** Holds the address of a watcher outside AWS. */
  readonly heartbeat: ParameterPlace;
  readonly applicationBus: IEventBus | undefined;
  /** The bucket of audit reports; undefined where audits are switched off. */
  readonly audits: AuditBucket | undefined;
  /** The function that audits. */
  readonly auditArn: string;
  /** Limits of audits that somebody has chosen. */
  readonly auditSettings: SettingTexts;
  readonly deadlines: DeadlineSchedules;
  /** The other accounts and regions that are watched. */
  readonly membership: Membership;
  /** Gets their events; undefined where there are none. */
  readonly memberBus: MemberBus | undefined;
  /** The secret that is there to have events of; undefined unless asked for. */
  readonly canary: CanarySecret | undefined;
  /** Whether rotation functions are looked at. */
  readonly inspectsFunctions: boolean;
  /** Whether CloudTrail's event history is asked. */
  readonly readsHistory: boolean;
  /** Whether audits ask for Security Hub's own verdicts. */
  readonly readsSecurityHub: boolean;
  /** Number of targets swept in parallel. */
  readonly sweepsAtOnce: number;

  constructor(scope: Construct, id: string, props: MonitorResourcesProps) {
    super(scope, id);
    const { removalPolicy = RemovalPolicy.RETAIN, subscriptions = [], checkSecretArn } = props;
    const { key: encryptionKey } = new EncryptionKey(this, 'Encryption', { removalPolicy });
    this.encryptionKey = encryptionKey;
    this.table = new StateTable(this, 'State', { encryptionKey, removalPolicy });
    this.leases = new LeaseTable(this, 'Leases');
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', encryptionKey);
    this.undelivered = deadLetterQueue(this, 'Undelivered', encryptionKey);
    this.rotationQueue = this.#defineQueue('RotationEvents', AFTER_SHORT);
    this.labelQueue = this.#defineQueue('LabelEvents', AFTER_SHORT);
    this.deliveryQueue = this.#defineQueue('Delivery', AFTER_SHORT);
    this.sweepQueue = this.#defineQueue('Sweeps', AFTER_LONGEST);
    this.topics = new AlertTopics(this, 'Topics', {
      encryptionKey,
      subscriptions,
      healthSubscriptions: props.healthSubscriptions ?? subscriptions.map(unfiltered),
      escalationSubscriptions: props.escalationSubscriptions ?? [],
      amazonQ: props.amazonQ ?? false,
    });
    this.slack = this.#defineSlack(props.slackWebhookParameterName);
    this.slackKey = props.slackWebhookEncryptionKey;
    this.heartbeat = {
      parameterName: props.heartbeatUrlParameterName,
      encryptionKey: props.heartbeatUrlEncryptionKey,
    };
    this.applicationBus = props.applicationBus;
    this.auditArn = props.auditArn;
    this.audits = this.#defineAudits(props, encryptionKey, removalPolicy);
    this.auditSettings = auditSettingTexts(props);
    this.inspectsFunctions = props.inspectFunctions ?? true;
    this.readsHistory = props.eventHistory ?? true;
    this.readsSecurityHub = props.securityHubVerdicts ?? false;
    this.sweepsAtOnce = props.sweepsAtOnce ?? SWEEPS_AT_ONCE;
    this.deadlines = new DeadlineSchedules(this, 'Deadlines', checkSecretArn);
    this.canary = props.canary ? new CanarySecret(this, 'Canary', { encryptionKey }) : undefined;
    this.membership = membershipOf(this, props);
    const hasMembers = (props.members ?? []).length > 0;
    this.memberBus = hasMembers ? new MemberBus(this, 'Members', props) : undefined;
  }

  /** The queues that feed functions, by what is in them. */
  get queues(): Readonly<Record<string, EncryptedQueue>> {
    return {
      events: this.rotationQueue,
      labels: this.labelQueue,
      delivery: this.deliveryQueue,
      sweeps: this.sweepQueue,
      ...(this.slack === undefined ? {} : { chat: this.slack.queue }),
    };
  }

  /** All queues of what could not be done. */
  get deadLetterQueues(): readonly Queue[] {
    return [this.deadLetters, this.undelivered];
  }

  /** Settings from which functions learn the names of all of them. */
  get settings(): SettingTexts {
    return {
      tableName: this.table.tableName,
      leaseTableName: this.leases.tableName,
      deliveryQueueUrl: this.deliveryQueue.queue.queueUrl,
      sweepQueueUrl: this.sweepQueue.queue.queueUrl,
      deadLetterQueueUrls: this.deadLetterQueues.map(({ queueUrl }) => queueUrl).join(','),
      applicationBusName: this.applicationBus?.eventBusName,
      heartbeatUrlParameter: this.heartbeat.parameterName,
      ...this.topics.settings,
      ...this.slack?.settings,
      ...this.deadlines.settings,
      ...this.canary?.settings,
      ...this.membership.settings,
    };
  }

  #defineAudits(
    props: AuditProps,
    encryptionKey: IKey,
    removalPolicy: RemovalPolicy,
  ): AuditBucket | undefined {
    const plan = auditPlan(props);
    if (plan === undefined) return undefined;
    const { auditBucket, auditObjectLock } = props;
    return new AuditBucket(this, 'Audits', {
      ...{ plan, encryptionKey, removalPolicy },
      ...(auditBucket === undefined ? {} : { auditBucket }),
      ...(auditObjectLock === undefined ? {} : { auditObjectLock }),
    });
  }

  #defineQueue(id: string, visibilityTimeout: Duration): EncryptedQueue {
    return new EncryptedQueue(this, id, {
      encryptionKey: this.encryptionKey,
      visibilityTimeout,
      maxReceiveCount: MAX_RECEIVE_COUNT,
      deadLetterQueue: this.deadLetters,
    });
  }

  #defineSlack(parameterName: string | undefined): SlackQueue | undefined {
    if (parameterName === undefined) return undefined;
    return new SlackQueue(this, 'Slack', {
      encryptionKey: this.encryptionKey,
      parameterName,
      visibilityTimeout: AFTER_SHORT,
      deadLetterQueue: this.deadLetters,
    });
  }
}

/** Health messages lack the attributes that alerts are filtered by. */
const unfiltered = (subscription: ITopicSubscription): ITopicSubscription => ({
  bind: (topic) => {
    const { filterPolicy: _policy, filterPolicyWithMessageBody: _body, ...config } = subscription.bind(topic);
    return config;
  },
});

/** Group and role of the one-time schedules that have a secret checked at its deadline. */
class DeadlineSchedules extends Construct {
  /** Settings from which functions learn group, role and target. */
  readonly settings: SettingTexts;
  /** Permissions of a function that adds schedules. */
  readonly permissions: () => readonly PolicyStatement[];

  constructor(scope: Construct, id: string, targetArn: string) {
    super(scope, id);
    const { groupName, schedulesArn, role } = new ScheduleGroup(this, 'Group', [may.invoke(targetArn)]);
    this.settings = {
      deadlineScheduleGroup: groupName,
      deadlineTargetArn: targetArn,
      deadlineRoleArn: role.roleArn,
    };
    this.permissions = () => [may.createSchedules(schedulesArn), may.passToScheduler(role.roleArn)];
  }
}
