import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type FunctionSpec, SHORT } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import type { SlackQueue } from '../constructs/slack-queue.ts';
import * as may from '../permissions/permissions.ts';
import { readAddress, useKey } from './shared-permissions.ts';

/** The function that delivers alerts to people. */
const deliver = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'deliver',
  description: 'Sends what is in the outboxes',
  timeout: SHORT,
  permissions: [
    may.remember(resources.table, 'GetItem', 'PutItem', 'DeleteItem'),
    may.searchIndexes(resources.table.undeliveredIndexArn),
    may.wakeDelivery(resources.deliveryQueue.queue),
    may.takeFrom(resources.deliveryQueue.queue),
    may.publishTo(...channels(resources), resources.topics.healthTopic),
    ...useKey(resources),
  ],
  feed: {
    queue: resources.deliveryQueue.queue,
    batchSize: 10,
    maxConcurrency: 2,
    reportBatchItemFailures: false,
  },
  feedsItself: true,
});

/** Posts to Slack. */
const notifySlack = (resources: MonitorResources, slack: SlackQueue): FunctionSpec => ({
  handlerName: 'notify-slack',
  description: 'Posts alerts to Slack',
  timeout: SHORT,
  permissions: [
    may.takeFrom(slack.queue.queue),
    may.postpone(slack.queue.queue),
    ...readAddress({ parameterName: slack.parameterName, encryptionKey: resources.slackKey }),
    may.remember(resources.table, 'GetItem', 'PutItem', 'DeleteItem'),
    may.publishTo(resources.topics.healthTopic),
    ...useKey(resources),
  ],
  // Slack takes about one message a second from a webhook. https://api.slack.com/docs/rate-limits
  feed: { queue: slack.queue.queue, batchSize: 5, maxConcurrency: 2, reportBatchItemFailures: true },
});

const channels = ({ topics, slack }: MonitorResources): readonly ITopic[] =>
  slack === undefined ? topics.forAlerts : [...topics.forAlerts, slack.topic];

/** The functions that send messages. */
export const tellingFunctions = (resources: MonitorResources): readonly FunctionSpec[] => [
  deliver(resources),
  ...(resources.slack === undefined ? [] : [notifySlack(resources, resources.slack)]),
];
