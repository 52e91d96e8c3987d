import { type FunctionSpec, SHORT } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import * as may from '../permissions/permissions.ts';
import { checkAllSecrets, tellApplications, useKey } from './shared-permissions.ts';

/** Messages in parallel: ListSecretVersionIds takes 50 calls a second, from all of them. */
const BATCHES = { batchSize: 10, maxConcurrency: 5, reportBatchItemFailures: true };

/** Receives the events of rotations. */
const onRotationEvent = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'on-rotation-event',
  description: 'Checks a secret after an event of its rotation',
  timeout: SHORT,
  permissions: [
    ...checkAllSecrets(resources),
    may.remember(resources.table, 'GetItem', 'PutItem', 'UpdateItem'),
    may.takeFrom(resources.rotationQueue.queue),
    may.postpone(resources.rotationQueue.queue),
    ...tellApplications(resources),
    ...useKey(resources),
  ],
  feed: { queue: resources.rotationQueue.queue, ...BATCHES },
});

/** Receives the events of new versions. */
const onLabelUpdated = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'on-label-updated',
  description: 'Checks a secret after a move of its AWSCURRENT',
  timeout: SHORT,
  permissions: [
    ...checkAllSecrets(resources),
    may.remember(resources.table, 'GetItem', 'PutItem'),
    may.takeFrom(resources.labelQueue.queue),
    may.postpone(resources.labelQueue.queue),
    ...tellApplications(resources),
    ...useKey(resources),
  ],
  feed: { queue: resources.labelQueue.queue, ...BATCHES },
});

/** The functions that take events. */
export const eventFunctions = (resources: MonitorResources): readonly FunctionSpec[] => [
  onRotationEvent(resources),
  onLabelUpdated(resources),
];
