import type { Home } from '../../simulator/service.ts';

/** Names of what the embedded deployment is made of. */
export const NAMES = {
  table: 'rotation-monitor',
  alertTopic: 'rotation-alerts',
  applicationBus: 'applications',
  rotationQueue: 'rotation-events',
  labelQueue: 'label-events',
  deliveryQueue: 'rotation-delivery',
} as const;

/** Where an SQS queue of the simulator is found. */
export const queueUrl = ({ account, region }: Home, name: string): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${name}`;

/** The environment variables that the handlers run with, as a deployment sets them. */
export const embeddedEnvironment = (home: Home): Readonly<Record<string, string>> => ({
  ROTATION_MONITOR_ACCOUNT_ID: home.account,
  ROTATION_MONITOR_REGION: home.region,
  ROTATION_MONITOR_TABLE_NAME: NAMES.table,
  ROTATION_MONITOR_ALERT_TOPIC_ARN: `arn:aws:sns:${home.region}:${home.account}:${NAMES.alertTopic}`,
  ROTATION_MONITOR_DELIVERY_QUEUE_URL: queueUrl(home, NAMES.deliveryQueue),
  ROTATION_MONITOR_APPLICATION_BUS_NAME: NAMES.applicationBus,
});
