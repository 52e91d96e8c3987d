import type { ExplainedFinding, Severity } from '../finding.ts';
import { SEVERITIES } from '../finding.ts';
import { formatDuration, formatInstant } from '../instant.ts';
import type { Message } from '../message.ts';
import { firstOf, type Group } from './group.ts';
import type { Notification } from './notification.ts';

/** Most secrets a message names; the rest is a count. */
const MAX_NAMES = 20;

/** Where the runbooks are; undefined leaves the line out. */
export interface Links {
  readonly runbookBaseUrl: string | undefined;
}

/** Writes the message of a group as people read it. Pure. */
export function renderMessage(group: Group, links: Links): Message {
  const first = firstOf(group.notifications);
  const severity = gravest(group.notifications);
  const body = group.kind === 'baseline' ? digest(group) : bodyOf(group, first, links);
  return { ...body, severity, attributes: attributesOf(group, severity) };
}

type Body = Pick<Message, 'subject' | 'text'>;

function bodyOf(group: Group, first: Notification, links: Links): Body {
  if (first.transition === 'resolved') return resolved(group, first);
  const count = group.notifications.length;
  const subject =
    count === 1
      ? `[${first.severity}] ${first.secretName}: ${first.code}`
      : `[${first.severity}] ${count} secrets: ${first.code}`;
  const lines = count === 1 ? single(first) : many(group, first);
  return { subject, text: [...lines, '', ...footer(first, links)].join('\n') };
}

function single(notification: Notification): readonly string[] {
  const { finding } = notification;
  const rose = notification.transition === 'rose' ? [`Severity rose to ${notification.severity}.`] : [];
  return [
    finding.what,
    `Risk: ${finding.blastRadius}`,
    `Do: ${finding.advice[0]?.text ?? 'Nothing yet.'}`,
    ...rose,
    '',
    ...explanation(finding),
  ];
}

function many(group: Group, first: Notification): readonly string[] {
  const through = first.rotationFunctionArn === undefined ? '' : ` behind ${first.rotationFunctionArn}`;
  return [
    `${group.notifications.length} secrets${through} have the same problem: ${first.code}.`,
    `Risk: ${first.finding.blastRadius}`,
    `Do: ${first.finding.advice[0]?.text ?? 'Nothing yet.'}`,
    '',
    'SECRETS',
    ...names(group.notifications),
    '',
    `THE FIRST OF THEM: ${first.secretName}`,
    first.finding.what,
    ...explanation(first.finding),
  ];
}

function explanation({ why, credentialInUse, blastRadius, advice }: ExplainedFinding): readonly string[] {
  return [
    'WHY',
    ...why.map((line) => `- ${line}`),
    '',
    `CREDENTIAL IN USE: ${credentialInUse.replaceAll('-', ' ')}`,
    blastRadius,
    '',
    'WHAT TO DO',
    ...advice.flatMap(({ text, commands }, index) => [
      `${index + 1}. ${text}`,
      ...commands.map((command) => `   ${command}`),
    ]),
  ];
}

function resolved(group: Group, first: Notification): Body {
  const count = group.notifications.length;
  const subject =
    count === 1
      ? `[RESOLVED] ${first.secretName}: ${first.code}`
      : `[RESOLVED] ${count} secrets: ${first.code}`;
  const lines = group.notifications.slice(0, MAX_NAMES).map((notification) => {
    const openedAt = notification.resolution?.openedAt ?? notification.at;
    const lasted = formatDuration(notification.at - openedAt);
    return `${notification.secretName}: ${notification.resolution?.endedBy ?? 'It is over.'} It had been open for ${lasted}.`;
  });
  return { subject, text: [...lines, ...rest(count), '', ...identity(first)].join('\n') };
}

function digest({ notifications }: Group): Body {
  const first = firstOf(notifications);
  const codes = [...new Set(notifications.map(({ code }) => code))];
  const sections = codes.flatMap((code) => {
    const members = notifications.filter((notification) => notification.code === code);
    const example = firstOf(members).finding.advice[0]?.text;
    return [
      '',
      `${code}: ${members.length}`,
      ...names(members),
      ...(example === undefined ? [] : [`To do, as for the first: ${example}`]),
    ];
  });
  const count = notifications.length;
  return {
    subject: `[${gravest(notifications)}] First sweep of ${first.account} ${first.region}: ${count} findings`,
    text: [
      `The first sweep of account ${first.account} in ${first.region} found ${count} ${count === 1 ? 'problem' : 'problems'} that were there before.`,
      'They are told here once, together. Each is told again when it gets worse or is over.',
      ...sections,
    ].join('\n'),
  };
}

function names(notifications: readonly Notification[]): readonly string[] {
  const lines = notifications
    .slice(0, MAX_NAMES)
    .map(
      ({ secretName, finding, severity }) =>
        `- ${secretName} (${severity}, since ${formatInstant(finding.since)})`,
    );
  return [...lines, ...rest(notifications.length)];
}

const rest = (count: number): readonly string[] =>
  count > MAX_NAMES ? [`… and ${count - MAX_NAMES} more`] : [];

const identity = ({ secretArn, account, region }: Notification): readonly string[] => [
  `Secret: ${secretArn}`,
  `Account ${account}, region ${region}`,
];

const footer = (first: Notification, { runbookBaseUrl }: Links): readonly string[] => [
  ...identity(first),
  `Since ${formatInstant(first.finding.since)}, told at ${formatInstant(first.at)}`,
  ...(runbookBaseUrl === undefined ? [] : [`Runbook: ${runbookBaseUrl}/${first.code}.md`]),
];

function attributesOf(group: Group, severity: Severity): Readonly<Record<string, string>> {
  const { account, region, code, transition, owner } = firstOf(group.notifications);
  return {
    account,
    region,
    severity,
    transition,
    code: group.kind === 'baseline' ? 'baseline-digest' : code,
    ...(owner === undefined || group.kind === 'baseline' ? {} : { owner }),
  };
}

const gravest = (notifications: readonly Notification[]): Severity =>
  notifications.reduce<Severity>(
    (worst, { severity }) => (SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(worst) ? severity : worst),
    'INFORMATIONAL',
  );
