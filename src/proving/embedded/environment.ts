import type { Home } from '../../simulator/call/service.ts';

/** Names of what the embedded deployment is made of. */
export const NAMES = {
  table: 'rotation-monitor',
  leaseTable: 'rotation-leases',
  alertTopic: 'rotation-alerts',
  escalationTopic: 'rotation-escalations',
  healthTopic: 'rotation-health',
  applicationBus: 'applications',
  rotationQueue: 'rotation-events',
  labelQueue: 'label-events',
  deliveryQueue: 'rotation-delivery',
  sweepQueue: 'rotation-sweeps',
  deadLetterQueue: 'rotation-dead-letters',
  deadlineGroup: 'rotation-deadlines',
} as const;

/** The queues that feed functions; what fails again and again goes from each to the dead-letter queue. */
export const FED_QUEUES: readonly string[] = [
  NAMES.rotationQueue,
  NAMES.labelQueue,
  NAMES.deliveryQueue,
  NAMES.sweepQueue,
];

/** Where an SQS queue of the simulator is found. */
export const queueUrl = ({ account, region }: Home, name: string): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${name}`;

/** The ARN of an SNS topic. */
export const topicArn = ({ account, region }: Home, name: string): string =>
  `arn:aws:sns:${region}:${account}:${name}`;

/** The redrive policy of a queue that feeds a function. */
export const redrivePolicy = ({ account, region }: Home): string =>
  JSON.stringify({
    deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:${NAMES.deadLetterQueue}`,
    maxReceiveCount: 5,
  });

/** The role with which EventBridge Scheduler invokes functions. */
export const schedulerRoleArn = ({ account }: Home): string => `arn:aws:iam::${account}:role/scheduler`;

/** The ARN of a function of the monitor. */
export const functionArn = ({ account, region }: Home, name: string): string =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;

/** The environment variables that the handlers run with, as a deployment sets them. */
export const embeddedEnvironment = (home: Home): Readonly<Record<string, string>> => ({
  ROTATION_MONITOR_ACCOUNT_ID: home.account,
  ROTATION_MONITOR_REGION: home.region,
  ROTATION_MONITOR_TABLE_NAME: NAMES.table,
  ROTATION_MONITOR_LEASE_TABLE_NAME: NAMES.leaseTable,
  ROTATION_MONITOR_ALERT_TOPIC_ARN: topicArn(home, NAMES.alertTopic),
  ROTATION_MONITOR_DELIVERY_QUEUE_URL: queueUrl(home, NAMES.deliveryQueue),
  ROTATION_MONITOR_SWEEP_QUEUE_URL: queueUrl(home, NAMES.sweepQueue),
  ROTATION_MONITOR_DEAD_LETTER_QUEUE_URLS: queueUrl(home, NAMES.deadLetterQueue),
  ROTATION_MONITOR_APPLICATION_BUS_NAME: NAMES.applicationBus,
  ROTATION_MONITOR_DEADLINE_SCHEDULE_GROUP: NAMES.deadlineGroup,
  ROTATION_MONITOR_DEADLINE_TARGET_ARN: functionArn(home, 'check-secret'),
  ROTATION_MONITOR_FUNCTION_NAME: 'deliver',
  ROTATION_MONITOR_DEADLINE_ROLE_ARN: schedulerRoleArn(home),
});
