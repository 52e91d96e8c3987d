import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type FunctionSpec, LONGEST } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import { startAudit } from '../permissions/audit-permissions.ts';
import * as look from '../permissions/look-permissions.ts';
import * as may from '../permissions/permissions.ts';
import {
  checkAllSecrets,
  checkSecrets,
  readAddress,
  tellApplications,
  useKey,
} from './shared-permissions.ts';

/** Looks at everything in its own account and region, and has the members swept. */
const sweep = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'sweep',
  description: 'Checks all secrets of the account and region, and the monitor itself',
  timeout: LONGEST,
  permissions: [
    look.listSecrets(),
    ...checkSecrets(resources),
    ...sweepOn(resources),
    may.searchIndexes(resources.table.openIndexArn, resources.table.undeliveredIndexArn),
    ...resources.membership.find(),
    may.countMessages(...resources.deadLetterQueues),
    may.lookAtDeadLetters(...resources.deadLetterQueues),
    may.takeDeadLetters(resources.deadLetters),
    may.driveOn(...Object.values(resources.queues).map(({ queue }) => queue)),
    may.countSubscriptions(...resources.topics.toBeHeard),
    may.publishTo(resources.topics.healthTopic),
    ...readAddress(resources.heartbeat),
    ...(resources.audits === undefined ? [] : [startAudit(resources.auditArn)]),
  ],
  ...(resources.audits === undefined ? {} : { settings: resources.audits.scheduleSettings }),
  // It posts nothing to Slack.
  unread: ['chatQueueUrl', 'slackWebhookParameter'],
  // The next sweep comes soon enough.
  retryAttempts: 0,
});

/** Sweeps members, and goes on with a sweep that takes longer than a function may run. */
const sweepTarget = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'sweep-target',
  description: 'Sweeps other accounts and regions, and continues sweeps that ran out of time',
  timeout: LONGEST,
  permissions: [
    look.listSecrets(resources.membership.regions),
    ...checkAllSecrets(resources),
    ...sweepOn(resources),
    may.searchIndexes(resources.table.openIndexArn),
    may.takeFrom(resources.sweepQueue.queue),
  ],
  feed: {
    queue: resources.sweepQueue.queue,
    batchSize: 1,
    maxConcurrency: resources.sweepsAtOnce,
    reportBatchItemFailures: false,
  },
  feedsItself: true,
});

/** Permissions of a sweep, apart from looking at secrets. */
const sweepOn = (resources: MonitorResources): readonly PolicyStatement[] => [
  may.remember(resources.table, 'GetItem', 'PutItem', 'DeleteItem', 'Query'),
  may.readLeases(resources.leases),
  may.handOver(resources.sweepQueue.queue),
  ...tellApplications(resources),
  ...useKey(resources),
];

/** The functions that sweep. */
export const sweepFunctions = (resources: MonitorResources): readonly FunctionSpec[] => [
  sweep(resources),
  sweepTarget(resources),
];
