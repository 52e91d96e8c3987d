import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AuditBucket } from '../constructs/audits.ts';
import { type FunctionSpec, LONGEST } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import * as report from '../permissions/audit-permissions.ts';
import * as look from '../permissions/look-permissions.ts';
import * as may from '../permissions/permissions.ts';
import { useKey } from './shared-permissions.ts';

/** It judges no alert, and neither reads leases nor posts to Slack. */
const UNREAD: FunctionSpec['unread'] = [
  'leaseTableName',
  'deadLetterQueueUrls',
  'applicationBusName',
  'heartbeatUrlParameter',
  'slackWebhookParameter',
  'chatQueueUrl',
  'deadlineScheduleGroup',
  'deadlineTargetArn',
  'deadlineRoleArn',
];

/** Nobody escalates a summary. The health topic gets what is wrong with a chat channel. */
const readers = ({ topics, slack }: MonitorResources): readonly ITopic[] =>
  [topics.alertTopic, topics.amazonQTopic, slack?.topic, topics.healthTopic].filter(
    (topic) => topic !== undefined,
  );

/** Stores a report on all secrets, those of members too. */
const audit = (resources: MonitorResources, audits: AuditBucket): FunctionSpec => ({
  handlerName: 'audit',
  failuresAreSeenBy: 'an alarm on late audits',
  description: 'Stores a report on all secrets, and sends its summary',
  timeout: LONGEST,
  permissions: [
    look.listSecrets(resources.membership.regions),
    look.lookAtSecrets(resources.membership.regions),
    ...(resources.readsSecurityHub ? [look.readFindings(resources.membership.regions)] : []),
    ...resources.membership.reach(),
    ...resources.membership.find(),
    may.remember(resources.table, 'GetItem', 'PutItem', 'DeleteItem', 'Query'),
    may.searchIndexes(resources.table.openIndexArn),
    ...report.storeReports(audits),
    report.startAudit(resources.auditArn),
    may.publishTo(...readers(resources)),
    ...useKey(resources),
  ],
  settings: { ...audits.settings, ...resources.auditSettings },
  unread: UNREAD,
  retryAttempts: 2,
  feedsItself: true,
});

/** The function that audits, where audits are scheduled. */
export const auditFunctions = (resources: MonitorResources): readonly FunctionSpec[] =>
  resources.audits === undefined ? [] : [audit(resources, resources.audits)];
