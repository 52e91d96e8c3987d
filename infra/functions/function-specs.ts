import type { FunctionSpec } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import { canaryRotation, canaryTick } from './canary-functions.ts';
import { onLabelUpdated, onRotationEvent } from './event-functions.ts';
import { acknowledge, checkSecret, openAlertsWidget } from './operator-functions.ts';
import { sweep, sweepTarget } from './sweep-functions.ts';
import { deliver, notifySlack } from './telling-functions.ts';

/** All functions of a deployment. */
export const functionSpecs = (resources: MonitorResources): readonly FunctionSpec[] => [
  onRotationEvent(resources),
  onLabelUpdated(resources),
  sweep(resources),
  sweepTarget(resources),
  checkSecret(resources),
  deliver(resources),
  acknowledge(resources),
  openAlertsWidget(resources),
  ...(resources.slack === undefined ? [] : [notifySlack(resources, resources.slack)]),
  ...(resources.canary === undefined ? [] : [canaryRotation(resources.canary), canaryTick(resources.canary)]),
];
