import type { ChatParts, Link, Message } from '../message.ts';
import { asSecretArn, type Target } from '../secret.ts';
import { firstOf, type Group } from './group.ts';
import type { Notification } from './notification.ts';

/** What the parts are made of besides the group. */
interface Saying {
  readonly subject: string;
  readonly severity: Message['severity'];
  /** A finding code, or the name of a digest. */
  readonly code: string;
  readonly what: readonly string[];
  readonly runbookBaseUrl: string | undefined;
}

/** Takes what a group says apart for chat channels. Pure. */
export function chatParts(group: Group, { subject, runbookBaseUrl, ...said }: Saying): ChatParts {
  const first = firstOf(group.notifications);
  const { account, region, transition, at, fingerprint, finding } = first;
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
    links: [consoleLink(group, first), ...runbook(group, first, runbookBaseUrl)],
  };
}

/** Hosts of the console by partition. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const CONSOLES: Readonly<Record<string, (region: string) => string>> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-cn': () => 'console.amazonaws.cn',
  'aws-us-gov': () => 'console.amazonaws-us-gov.com',
};

function consoleLink({ notifications }: Group, { secretArn, secretName, ...target }: Notification): Link {
  const isSecret = notifications.length === 1 && asSecretArn(secretArn) !== undefined;
  const [, partition = 'aws'] = secretArn.split(':');
  const place = isSecret ? `secret?name=${encodeURIComponent(secretName)}&` : 'listsecrets?';
  return { label: 'Console', url: `${consoleBase(partition, target)}/${place}region=${target.region}` };
}

const consoleBase = (partition: string, { region }: Target): string =>
  `https://${(CONSOLES[partition] ?? CONSOLES['aws'])?.(region)}/secretsmanager`;

const runbook = ({ kind }: Group, { code }: Notification, base: string | undefined): readonly Link[] =>
  base === undefined || kind !== 'alerts' ? [] : [{ label: 'Runbook', url: `${base}/${code}.md` }];
