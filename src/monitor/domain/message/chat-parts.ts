import { firstOf, type Group, transitionOf } from '../alert/group.ts';
import type { Notification } from '../alert/notification.ts';
import { asSecretArn } from '../secret/secret.ts';
import { acknowledgeCommand } from './acknowledge-command.ts';
import { changeLines, knownChanges } from './change-lines.ts';
import { logsConsoleUrl, secretsConsoleUrl } from './console-url.ts';
import type { ChatParts, Link, Message } from './message.ts';

/** What the parts are made of besides the group. */
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
    advice: holds ? finding.advice : [],
    changes: holds ? changeLines(knownChanges(group.notifications)) : undefined,
    acknowledge:
      holds && acknowledgeFunctionArn !== undefined
        ? acknowledgeCommand(acknowledgeFunctionArn, group.notifications)
        : undefined,
    links: linksOf(group, runbookBaseUrl),
  };
}

/** Where to look: the secret in the console, what its function logged at that time, the runbook. */
export function linksOf(group: Group, runbookBaseUrl: string | undefined): readonly Link[] {
  const first = firstOf(group.notifications);
  return [consoleLink(group, first), ...logs(group, first), ...runbook(group, first, runbookBaseUrl)];
}

function logs({ kind }: Group, { finding, secretArn, region, at }: Notification): readonly Link[] {
  if (kind !== 'alerts' || finding.logs === undefined) return [];
  const { group, since } = finding.logs;
  const [, partition] = secretArn.split(':');
  return [{ label: 'Logs', url: logsConsoleUrl({ partition, region }, group, { from: since, until: at }) }];
}

function consoleLink({ notifications }: Group, { secretArn, secretName, ...target }: Notification): Link {
  const isSecret = notifications.length === 1 && asSecretArn(secretArn) !== undefined;
  const [, partition] = secretArn.split(':');
  const url = secretsConsoleUrl({ ...target, partition }, isSecret ? secretName : undefined);
  return { label: 'Console', url };
}

const runbook = ({ kind }: Group, { code }: Notification, base: string | undefined): readonly Link[] =>
  base === undefined || kind !== 'alerts' ? [] : [{ label: 'Runbook', url: `${base}/${code}.md` }];
