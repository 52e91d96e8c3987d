import type { Instant } from '../../../calendar/instant.ts';
import { firstOf, type Group, transitionOf } from '../alert/group.ts';
import type { Notification } from '../alert/notification.ts';
import type { LogPlace } from '../finding/finding.ts';
import { asSecretArn } from '../secret/secret.ts';
import { acknowledgeCommand } from './acknowledge-command.ts';
import { changeLines, knownChanges } from './change-lines.ts';
import { logsConsoleUrl, secretsConsoleUrl } from './console-url.ts';
import { explainCommand } from './explain-command.ts';
import type { ChatParts, Link, Message } from './message.ts';

/** The contents of the parts, besides the group. */
interface Saying {
  readonly subject: string;
  readonly severity: Message['severity'];
  /** A finding code, or the name of a digest. */
  readonly code: string;
  readonly what: readonly string[];
  readonly runbookBaseUrl: string | undefined;
  readonly acknowledgeFunctionArn?: string | undefined;
}

/** Takes what a group says apart for chat channels. Pure. */
export function chatParts(
  group: Group,
  { subject, runbookBaseUrl, acknowledgeFunctionArn, ...said }: Saying,
): ChatParts {
  const first = firstOf(group.notifications);
  const { account, region, at, fingerprint, finding } = first;
  const transition = transitionOf(group);
  const holds = group.kind === 'alerts' && transition !== 'resolved' && transition !== 'silenced';
  return {
    ...said,
    title: subject,
    account,
    region,
    transition,
    at,
    threadId: fingerprint,
    risk: holds ? finding.blastRadius : undefined,
    since: group.kind === 'alerts' ? finding.since : undefined,
    step: holds ? finding.failingStep : undefined,
    explain: holds ? explainCommand(first) : undefined,
    advice: holds ? finding.advice : [],
    changes: holds ? changeLines(knownChanges(group.notifications)) : undefined,
    acknowledge:
      holds && acknowledgeFunctionArn !== undefined
        ? acknowledgeCommand(acknowledgeFunctionArn, group.notifications)
        : undefined,
    links: linksOf(group, runbookBaseUrl),
  };
}

/** The places that links lead to; an undefined one has no link. */
export interface LinkedTo extends Pick<Notification, 'secretArn' | 'region'> {
  /** Undefined for the list of all secrets. */
  readonly secretName: string | undefined;
  readonly code: string | undefined;
  readonly logs: LogPlace | undefined;
  /** Up to when its function is of interest. */
  readonly until: Instant;
}

/** Returns the links for an investigation: the secret in the console, its function's log at that time, the runbook. */
export function linksTo(
  { secretArn, region, secretName, code, logs, until }: LinkedTo,
  runbookBaseUrl: string | undefined,
): readonly Link[] {
  const [, partition] = secretArn.split(':');
  const place = { partition, region };
  return [
    { label: 'Console', url: secretsConsoleUrl(place, secretName) },
    ...(logs === undefined
      ? []
      : [{ label: 'Logs', url: logsConsoleUrl(place, logs.group, { from: logs.since, until }) }]),
    ...(code === undefined || runbookBaseUrl === undefined
      ? []
      : [{ label: 'Runbook', url: `${runbookBaseUrl}/${code}.md` }]),
  ];
}

/** The same for what a group is about. */
export function linksOf({ kind, notifications }: Group, runbookBaseUrl: string | undefined): readonly Link[] {
  const { secretArn, secretName, region, at, code, finding } = firstOf(notifications);
  const isSecret = notifications.length === 1 && asSecretArn(secretArn) !== undefined;
  const isDigest = kind !== 'alerts';
  return linksTo(
    {
      secretArn,
      region,
      secretName: isSecret ? secretName : undefined,
      code: isDigest ? undefined : code,
      logs: isDigest ? undefined : finding.logs,
      until: at,
    },
    runbookBaseUrl,
  );
}
