import { formatDuration, formatInstant, type Instant, MINUTE } from '../../../calendar/instant.ts';
import { DID_NOT_ROTATE } from '../alert/ended-by.ts';
import { firstOf, type Group, transitionOf } from '../alert/group.ts';
import type { Notification } from '../alert/notification.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import { shown } from '../shown.ts';
import { ACKNOWLEDGED, acknowledgeCommand } from './acknowledge-command.ts';
import { changeLines, knownChanges } from './change-lines.ts';
import { chatParts, linksOf } from './chat-parts.ts';
import { explainCommand } from './explain-command.ts';
import { codesText, namedIn, same, standing, toldBefore } from './group-words.ts';
import type { ChatMessage, Message } from './message.ts';
import { digest, gravest, MAX_NAMES, names, rest } from './render-digest.ts';

/** Bases of the links in messages; an undefined runbook base leaves out that line. */
export interface Links {
  readonly runbookBaseUrl: string | undefined;
  /** The function that takes an acknowledgement; undefined leaves out how to do it. */
  readonly acknowledgeFunctionArn?: string | undefined;
  /** Time of sending; undefined where that is the time of the decision. */
  readonly sentAt?: Instant | undefined;
}

/** Writes the message of a group as people read it. Pure. */
export function renderMessage(told: Group, links: Links): ChatMessage {
  const group = shown(told);
  const first = firstOf(group.notifications);
  const severity = gravest(group.notifications);
  const { what, ...body } = group.kind === 'alerts' ? bodyOf(group, first, links) : digest(group);
  const attributes = attributesOf(group);
  const { subject } = body;
  const code = group.kind === 'alerts' ? firstOf(group.notifications).code : `${group.kind}-digest`;
  return {
    ...body,
    severity,
    attributes,
    chat: chatParts(group, { subject, severity, code, what, ...links }),
  };
}

/** The e-mail text, and the lines of it that chat channels show too. */
type Body = Pick<Message, 'subject' | 'text'> & { readonly what: readonly string[] };

function bodyOf(group: Group, first: Notification, links: Links): Body {
  if (first.transition === 'resolved') return resolved(group, first);
  if (first.transition === 'silenced') return silenced(group, first);
  const count = group.notifications.length;
  const named = namedIn(group.notifications);
  const late = lateLine(first, links);
  const lines = count === 1 ? single(group, first, late) : many(group, first, late);
  return {
    subject: subjectLine({
      head: first.severity,
      name: named,
      code: codesText(group),
      standing: standing(group),
    }),
    text: [...lines, '', ...acknowledging(group, links), ...footer(group, links)].join('\n'),
    what: whatOf(group, first),
  };
}

/** The lines of a message that say what is wrong, without risk and advice. */
const whatOf = (group: Group, first: Notification): readonly string[] =>
  group.notifications.length === 1
    ? [first.finding.what, ...toldBefore(group)]
    : [same(group), ...toldBefore(group), `The first of them: ${first.finding.what}`, ...names(group)];

function silenced({ notifications }: Group, first: Notification): Body {
  const count = notifications.length;
  const named = namedIn(notifications);
  const lines = notifications
    .slice(0, MAX_NAMES)
    .map(
      ({ secretName, silence, finding }) =>
        `${secretName}: ${finding.what} Silenced until ${silence === undefined ? 'further notice' : formatInstant(silence.until)} by its tags: ${silence?.reason ?? ''}`,
    );
  return {
    subject: subjectLine({ head: 'SILENCED', name: named, code: first.code, standing: '' }),
    text: [
      ...lines,
      ...rest(count),
      '',
      'You get this notice once. CRITICAL findings are still reported.',
      '',
      ...identity(first),
    ].join('\n'),
    what: [...lines, ...rest(count)],
  };
}

function single(group: Group, first: Notification, late: readonly string[]): readonly string[] {
  const { finding } = first;
  return [
    finding.what,
    `Risk: ${finding.blastRadius}`,
    `Do: ${finding.advice[0]?.text ?? 'Nothing yet.'}`,
    ...explaining(first),
    ...late,
    ...toldBefore(group),
    '',
    ...explanation(finding),
  ];
}

function many(group: Group, first: Notification, late: readonly string[]): readonly string[] {
  return [
    same(group),
    `Risk: ${first.finding.blastRadius}`,
    `Do: ${first.finding.advice[0]?.text ?? 'Nothing yet.'}`,
    ...explaining(first),
    ...late,
    ...toldBefore(group),
    '',
    'SECRETS',
    ...names(group),
    '',
    `THE FIRST OF THEM: ${first.secretName}`,
    first.finding.what,
    ...explanation({ ...first.finding, ...knownChanges(group.notifications) }),
  ];
}

/** The first command of a message leads to all others. */
const explaining = (first: Notification): readonly string[] => {
  const command = explainCommand(first);
  return command === undefined ? [] : [`Explain: ${command}`];
};

function explanation(finding: ExplainedFinding): readonly string[] {
  const { why, credentialInUse, advice } = finding;
  return [
    'WHY',
    ...why.map((line) => `- ${line}`),
    ...changed(finding),
    '',
    `CREDENTIAL IN USE: ${credentialInUse.replaceAll('-', ' ')}`,
    '',
    'WHAT TO DO',
    ...advice.flatMap(({ text, commands }, index) => [
      `${index + 1}. ${text}`,
      ...commands.map((command) => `   ${command}`),
    ]),
  ];
}

function changed(finding: ExplainedFinding): readonly string[] {
  const lines = changeLines(finding);
  return lines === undefined
    ? []
    : ['', 'WHAT CHANGED IN THE DAY BEFORE', ...lines.map((line) => `- ${line}`)];
}

function resolved(group: Group, first: Notification): Body {
  const count = group.notifications.length;
  const skipped = count === 1 && first.resolution?.endedBy.startsWith(DID_NOT_ROTATE) === true;
  const subject = subjectLine({
    head: 'RESOLVED',
    name: namedIn(group.notifications),
    code: first.code,
    standing: skipped ? ' (did not rotate)' : '',
  });
  const lines = group.notifications.slice(0, MAX_NAMES).map((notification) => {
    const openedAt = notification.resolution?.openedAt ?? notification.at;
    const lasted = formatDuration(notification.at - openedAt);
    return `${notification.secretName}: ${notification.resolution?.endedBy ?? 'It is over.'} The alert was open for ${lasted}.`;
  });
  const what = [...lines, ...rest(count)];
  return { subject, text: [...what, '', ...identity(first)].join('\n'), what };
}

const identity = ({ secretArn, account, region }: Notification): readonly string[] => [
  `Secret: ${secretArn}`,
  `Account ${account}, region ${region}`,
];

/** A message that is older than this says so: by then stages may be others, and commands wrong. */
const LATE_MS: number = 15 * MINUTE;

const isLate = ({ at }: Notification, sentAt: Instant | undefined): sentAt is Instant =>
  sentAt !== undefined && sentAt - at > LATE_MS;

/** The line about a message that an outage, or its group, has held up. */
const lateLine = (first: Notification, { sentAt }: Links): readonly string[] =>
  isLate(first, sentAt)
    ? [
        `Late: this was so at ${formatInstant(first.at)}. Look again before you type any of the commands below.`,
      ]
    : [];

function footer(group: Group, { runbookBaseUrl, sentAt }: Links): readonly string[] {
  const first = firstOf(group.notifications);
  return [
    ...identity(first),
    `Since ${formatInstant(first.finding.since)}, sent at ${formatInstant(isLate(first, sentAt) ? sentAt : first.at)}`,
    ...linksOf(group, runbookBaseUrl).map(({ label, url }) => `${label}: ${url}`),
  ];
}

/** The complete command that acknowledges all that the message names. */
function acknowledging({ notifications }: Group, { acknowledgeFunctionArn }: Links): readonly string[] {
  if (acknowledgeFunctionArn === undefined) return [];
  return ['ACKNOWLEDGE', ACKNOWLEDGED, `   ${acknowledgeCommand(acknowledgeFunctionArn, notifications)}`, ''];
}

function attributesOf(group: Group): Message['attributes'] {
  const { account, region, owner } = firstOf(group.notifications);
  const { kind, notifications } = group;
  const severities = notifications.map(({ severity }) => severity);
  const codes = notifications.map(({ code }) => code);
  return {
    account,
    region,
    ...(kind === 'alerts'
      ? { severity: oneOrAll(severities), code: oneOrAll(codes) }
      : { digest: kind, severity: distinct(severities), code: distinct(codes) }),
    transition: transitionOf(group),
    ...(owner === undefined ? {} : { owner }),
    ...(notifications.some(({ resolution }) => resolution?.escalated) ? { escalated: 'yes' } : {}),
  };
}

/** A message about several alerts carries what each of them is, so that subscribers to any of them get it. */
function oneOrAll(values: readonly string[]): string | readonly string[] {
  const all = distinct(values);
  const [first = ''] = all;
  return all.length === 1 ? first : all;
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];

/** SNS takes "less than 100 characters". https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST = 99;
const CUT = '...';
/** A name is left at least this of its end. */
const SHORTEST_NAME = 12;

/** The parts of a subject, in order. */
interface SubjectParts {
  /** In brackets: a severity, or what became of the alert. */
  readonly head: string;
  readonly name: string;
  /** The finding's code, or several. */
  readonly code: string;
  /** Relation to earlier messages; may be empty. */
  readonly standing: string;
}

/** A subject that fits everywhere: of a name that is too long the end is kept, of what follows the code as little as needed is cut. */
export function subjectLine({ head, name, code, standing }: SubjectParts): string {
  const fixed = `[${head}] : ${code}`.length;
  const room = LONGEST - fixed;
  const short = shortened(name, Math.max(SHORTEST_NAME, room - standing.length));
  return `[${head}] ${short}: ${code}${standing}`;
}

const shortened = (name: string, room: number): string =>
  name.length <= room ? name : `${CUT}${name.slice(CUT.length - room).replace(/^[\udc00-\udfff]/, '')}`;
