import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { APPLICATION_EVENT_SOURCE } from '../../src/monitor/domain/rotation/event-patterns.ts';
import type { MonitorResources, ParameterPlace } from '../constructs/monitor-resources.ts';
import * as look from '../permissions/look-permissions.ts';
import * as may from '../permissions/permissions.ts';

/**
 * Permissions to judge a secret: look at it, look closer where something is wrong, come back at its deadline, have it
 * reported.
 */
export const checkSecrets = (
  resources: MonitorResources,
  regions?: readonly string[],
): readonly PolicyStatement[] => [
  look.lookAtSecrets(regions),
  ...(resources.inspectsFunctions ? [look.inspectFunctions(regions), look.readFunctionMetrics(regions)] : []),
  ...(resources.readsHistory ? look.readHistory(regions) : []),
  ...resources.deadlines.permissions(),
  may.wakeDelivery(resources.deliveryQueue.queue),
];

/** Permissions to judge a secret wherever it is: in other regions of the account and in members too. */
export const checkAllSecrets = (resources: MonitorResources): readonly PolicyStatement[] => [
  ...checkSecrets(resources, resources.membership.regions),
  ...resources.membership.reach(),
];

/** Permissions to notify applications of a new version, where there is a bus for it. */
export const tellApplications = ({ applicationBus }: MonitorResources): readonly PolicyStatement[] =>
  applicationBus === undefined ? [] : [may.putEvents(applicationBus.eventBusArn, APPLICATION_EVENT_SOURCE)];

/** Permissions to read an address that a service outside AWS gave us, where there is one. */
export const readAddress = ({ parameterName, encryptionKey }: ParameterPlace): readonly PolicyStatement[] => [
  ...(parameterName === undefined ? [] : [may.readParameter(parameterName)]),
  ...(parameterName === undefined || encryptionKey === undefined
    ? []
    : [may.decryptParameter(encryptionKey, parameterName)]),
];

/** Permissions to use the encrypted table, queues and topics. */
export const useKey = ({ encryptionKey }: MonitorResources): readonly PolicyStatement[] => [
  may.useKeyForTable(encryptionKey),
  may.useKeyForMessages(encryptionKey),
];
