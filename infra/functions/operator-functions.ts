import { type FunctionSpec, SHORT } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import * as look from '../permissions/look-permissions.ts';
import * as may from '../permissions/permissions.ts';
import { checkAllSecrets, tellApplications, useKey } from './shared-permissions.ts';

/** Looks at one secret, at its deadline or because somebody asks. */
export const checkSecret = (resources: MonitorResources): FunctionSpec => ({
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
export const acknowledge = ({ table, encryptionKey }: MonitorResources): FunctionSpec => ({
  handlerName: 'acknowledge',
  description: 'Stops repeats of alerts: {"secretId": "name or ARN", "for": "8h", "by": "who"}',
  timeout: SHORT,
  permissions: [
    look.describeSecrets(),
    may.remember(table, 'GetItem', 'PutItem'),
    may.useKeyForTable(encryptionKey),
  ],
});

/** Draws the widget of open alerts on the dashboards. */
export const openAlertsWidget = ({ table, encryptionKey, membership }: MonitorResources): FunctionSpec => ({
  handlerName: 'open-alerts-widget',
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
export const readMemory = ({ table, encryptionKey }: MonitorResources): FunctionSpec => ({
  handlerName: 'read-memory',
  description: 'Reads what is remembered: {"secretArn": "ARN"} or {"account": "ID", "region": "REGION"}',
  timeout: SHORT,
  permissions: [
    may.remember(table, 'GetItem', 'Query'),
    may.searchIndexes(table.openIndexArn),
    may.useKeyForTable(encryptionKey),
  ],
});

/** Records the repairs that people make, and lets one of a secret run at a time. */
export const recordRepair = (resources: MonitorResources): FunctionSpec => ({
  handlerName: 'record-repair',
  description: 'Records a repair: {"secretArn": "ARN", "id": "run", "by": "who", "intent": ["what"]}',
  timeout: SHORT,
  permissions: [
    may.remember(resources.table, 'GetItem', 'PutItem', 'DeleteItem'),
    may.useKeyForTable(resources.encryptionKey),
    ...tellApplications(resources),
  ],
});

/** Keeps exceptions for audits: one asks, another approves. */
export const keepException = ({ table, encryptionKey }: MonitorResources): FunctionSpec => ({
  handlerName: 'keep-exception',
  description: 'Keeps an exception: {"secretArn": "ARN", "control": "SecretsManager.1", "by": "who", …}',
  timeout: SHORT,
  permissions: [may.remember(table, 'PutItem', 'Query'), may.useKeyForTable(encryptionKey)],
});
