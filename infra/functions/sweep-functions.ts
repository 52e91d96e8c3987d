import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import * as may from '../permissions.ts';
import { type FunctionSpec, LONGEST } from './function-spec.ts';
import { checkSecrets, tellApplications, useKey } from './shared-permissions.ts';

/** Looks at everything. */
export const sweep = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'sweep',
  description: 'Looks at all secrets of the account and region, and at the monitor itself',
  timeout: LONGEST,
  permissions: [
    ...sweepSecrets(resources),
    may.countMessages(...resources.deadLetterQueues),
    may.countSubscriptions(...resources.topics.toBeHeard),
    may.publishTo(resources.topics.healthTopic),
  ],
  // The next sweep comes soon enough.
  retryAttempts: 0,
});

/** Goes on with a sweep that takes longer than a function may run. */
export const sweepTarget = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'sweep-target',
  description: 'Goes on with a sweep where another invocation left it',
  timeout: LONGEST,
  permissions: [...sweepSecrets(resources), may.takeFrom(resources.sweepQueue.queue)],
  feed: {
    queue: resources.sweepQueue.queue,
    batchSize: 1,
    maxConcurrency: 5,
    reportBatchItemFailures: false,
  },
  feedsItself: true,
});

const sweepSecrets = (resources: MonitorResources): readonly PolicyStatement[] => [
  may.listSecrets(),
  ...checkSecrets(resources),
  may.remember(resources.table, 'GetItem', 'PutItem', 'DeleteItem', 'Query'),
  may.searchIndexes(resources.table.openIndexArn, resources.table.undeliveredIndexArn),
  may.handOver(resources.sweepQueue.queue),
  ...tellApplications(resources),
  ...useKey(resources),
];
