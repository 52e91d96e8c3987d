import { type FunctionSpec, SHORT } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import * as look from '../permissions/look-permissions.ts';
import * as may from '../permissions/permissions.ts';
import { checkAllSecrets, tellApplications, useKey } from './shared-permissions.ts';

/** Looks at one secret, at its deadline or because somebody asks. */
const checkSecret = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'check-secret',
  description: 'Checks one secret now: {"secretId": "name or ARN"}',
  timeout: SHORT,
  permissions: [
    ...checkAllSecrets(resources),
    may.remember(resources.table, 'GetItem', 'PutItem'),
    ...useKey(resources),
  ],
  retryAttempts: 2,
});

/** Takes an operator's word that somebody is at it. */
const acknowledge = ({ table, encryptionKey }: MonitorResources): FunctionSpec => ({
  handlerName: 'acknowledge',
  failuresAreSeenBy: 'its caller',
  description: 'Stops repeats of alerts: {"secretId": "name or ARN", "for": "8h", "by": "who"}',
  timeout: SHORT,
  permissions: [
    look.describeSecrets(),
    may.remember(table, 'GetItem', 'PutItem'),
    may.useKeyForTable(encryptionKey),
  ],
});

/** Draws the widget of open alerts on the dashboards. */
const openAlertsWidget = ({ table, encryptionKey, membership }: MonitorResources): FunctionSpec => ({
  handlerName: 'open-alerts-widget',
  failuresAreSeenBy: 'its caller',
  description: 'Draws the open alerts on a dashboard',
  timeout: SHORT,
  permissions: [
    look.lookAtSecrets(membership.regions),
    ...membership.reach(),
    may.remember(table, 'GetItem'),
    may.searchIndexes(table.openIndexArn),
    may.useKeyForTable(encryptionKey),
  ],
});

/** Shows operators the monitor's memory. */
const readMemory = ({ table, encryptionKey }: MonitorResources): FunctionSpec => ({
  handlerName: 'read-memory',
  failuresAreSeenBy: 'its caller',
  description: 'Reads what is remembered: {"secretArn": "ARN"} or {"account": "ID", "region": "REGION"}',
  timeout: SHORT,
  permissions: [
    may.remember(table, 'GetItem', 'Query'),
    may.searchIndexes(table.openIndexArn),
    may.useKeyForTable(encryptionKey),
  ],
});

/** Records the repairs that people make, and lets one of a secret run at a time. */
const recordRepair = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'record-repair',
  failuresAreSeenBy: 'its caller',
  description: 'Records a repair: {"secretArn": "ARN", "id": "run", "by": "who", "intent": ["what"]}',
  timeout: SHORT,
  permissions: [
    may.remember(resources.table, 'GetItem', 'PutItem', 'DeleteItem'),
    may.useKeyForTable(resources.encryptionKey),
    ...tellApplications(resources),
  ],
});

/** Keeps exceptions for audits: one asks, another approves. */
const keepException = ({ table, encryptionKey }: MonitorResources): FunctionSpec => ({
  handlerName: 'keep-exception',
  failuresAreSeenBy: 'its caller',
  description: 'Keeps an exception: {"secretArn": "ARN", "control": "SecretsManager.1", "by": "who", …}',
  timeout: SHORT,
  permissions: [may.remember(table, 'PutItem', 'Query'), may.useKeyForTable(encryptionKey)],
});

/** The functions that people call. */
export const operatorFunctions = (resources: MonitorResources): readonly FunctionSpec[] => [
  checkSecret(resources),
  acknowledge(resources),
  openAlertsWidget(resources),
  readMemory(resources),
  recordRepair(resources),
  keepException(resources),
];
