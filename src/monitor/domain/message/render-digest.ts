import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import { amount, plural } from '../../../calendar/plural.ts';
import { firstOf, type Group, type NamedSecret, type Names } from '../alert/group.ts';
import type { Unnamed } from '../alert/group-record.ts';
import type { Notification } from '../alert/notification.ts';
import { graver, type Severity } from '../finding/finding.ts';
import { shown } from '../shown.ts';
import { secretsConsoleUrl } from './console-url.ts';
import { explainCommand } from './explain-command.ts';
import type { ChatMessage, Message } from './message.ts';

/** Most secrets a message names; the rest is a count. */
export const MAX_NAMES = 200;

/** Writes many findings as one message, counted by code. */
export function digest(
  group: Group,
): Pick<Message, 'subject' | 'text'> & { readonly what: readonly string[] } {
  const { kind, notifications } = group;
  const first = firstOf(notifications);
  const { listed } = namesOf(group);
  const codes = [...new Set(notifications.map(({ code }) => code))];
  const head = digestHead(kind, first, notifications.length);
  const counts = codes.map(
    (code) => `${code}: ${notifications.filter((notification) => notification.code === code).length}`,
  );
  const sections = codes.flatMap((code) => {
    const members = notifications.filter((notification) => notification.code === code);
    const example = firstOf(members).finding.advice[0]?.text;
    return [
      '',
      `${code}: ${members.length}`,
      ...lines(
        listed.filter((each) => each.code === code),
        false,
      ),
      ...(example === undefined ? [] : [`To do for the first of them: ${example}`]),
    ];
  });
  return {
    subject: digestSubject(kind, notifications),
    text: [...head, ...explainLine(notifications), ...sections, ...others(group)].join('\n'),
    what: [...head, ...counts],
  };
}

/** The command that explains the gravest; the same command explains the others by their names. */
function explainLine(notifications: readonly Notification[]): readonly string[] {
  const worst = gravest(notifications);
  const command = explainCommand(
    notifications.find(({ severity }) => severity === worst) ?? firstOf(notifications),
  );
  return command === undefined ? [] : [`Explain: ${command}`];
}

const digestSubject = (kind: Group['kind'], notifications: readonly Notification[]): string => {
  const { account, region } = firstOf(notifications);
  const what = kind === 'weekly' ? 'Still open in' : 'First sweep of';
  return `[${gravest(notifications)}] ${what} ${account} ${region}: ${plural(notifications.length, 'finding')}`;
};

function digestHead(
  kind: Group['kind'],
  { account, region }: Notification,
  count: number,
): readonly string[] {
  if (kind === 'weekly') {
    return [
      `${plural(count, 'alert')} of account ${account} in ${region} ${count === 1 ? 'has' : 'have'} been sent six times and ${count === 1 ? 'is' : 'are'} still open.`,
      'You get this digest once a week until they are resolved.',
    ];
  }
  return [
    `The first sweep of account ${account} in ${region} detected ${plural(count, 'finding')} that began earlier.`,
    'You get this digest once. You are notified again when an alert gets worse or is resolved.',
  ];
}

/** Names of secrets of a group, a line each, with their codes where these differ; a long list is cut with a count. */
export function names(group: Group): readonly string[] {
  const { listed } = namesOf(group);
  return [...lines(listed, new Set(listed.map(({ code }) => code)).size > 1), ...others(group)];
}

/** Secrets, a line each. */
const lines = (listed: readonly NamedSecret[], differ: boolean): readonly string[] =>
  listed.map(
    ({ secretName, since, severity, code }) =>
      `- ${secretName} (${severity}, since ${formatInstant(since)})${differ ? `: ${code}` : ''}`,
  );

const namesOf = ({ names, notifications, before }: Group): Names =>
  names ?? {
    listed: notifications
      .slice(0, MAX_NAMES)
      .map(({ finding, ...each }) => ({ ...each, since: finding.since })),
    crowd: before + notifications.length,
    left: Math.max(0, notifications.length - MAX_NAMES),
    namedBefore: 0,
    othersFollow: false,
  };

/** The lines that say how to find those that a message does not name. */
function others(group: Group): readonly string[] {
  const { left, namedBefore, othersFollow } = namesOf(group);
  const { region } = firstOf(group.notifications);
  const all = `All of them: rotation-monitor sweep --region ${region}`;
  return [
    ...(left > 0 ? [`… and ${amount(left)} more. ${othersFollow ? 'Later messages name them.' : all}`] : []),
    ...(namedBefore > 0 ? [`… and ${amount(namedBefore)} more, named in earlier messages. ${all}`] : []),
  ];
}

/** The line that counts what a list left out. */
export const rest = (count: number): readonly string[] =>
  count > MAX_NAMES ? [`… and ${amount(count - MAX_NAMES)} more`] : [];

/** The gravest severity among notifications. */
export const gravest = (notifications: readonly Notification[]): Severity =>
  notifications.reduce<Severity>((worst, { severity }) => graver(worst, severity), 'INFORMATIONAL');

/** Writes the message that names further secrets of a crowd, of which earlier ones gave the number. Pure. */
export function renderNames(unnamed: Unnamed, names: Names, at: Instant): ChatMessage {
  const { account, region, owner, rotationFunctionArn } = shown(unnamed);
  const { listed, crowd, left, othersFollow } = shown(names);
  const codes = [...new Set(listed.map(({ code }) => code))];
  const severities = [...new Set(listed.map(({ severity }) => severity))];
  const severity = severities.reduce<Severity>(graver, 'INFORMATIONAL');
  const behind = rotationFunctionArn === undefined ? '' : ` behind ${rotationFunctionArn}`;
  const [code, ...otherCodes] = codes;
  const subject = `[${severity}] ${amount(listed.length)} of ${plural(crowd, 'secret')} by name: ${codes.slice(0, 3).join(', ')}`;
  const what = `An earlier message reported ${plural(crowd, 'secret')}${behind} and named some of them. This one names ${plural(listed.length, 'other')}.`;
  return {
    subject,
    text: [
      what,
      '',
      'SECRETS',
      ...lines(listed, otherCodes.length > 0),
      ...(othersFollow ? [`… and ${amount(left)} more. Later messages name them.`] : []),
      '',
      `Account ${account}, region ${region}, ${formatInstant(at)}`,
    ].join('\n'),
    severity,
    attributes: {
      account,
      region,
      severity: severities,
      code: otherCodes.length === 0 && code !== undefined ? code : codes,
      transition: 'opened',
      ...(owner === undefined ? {} : { owner }),
    },
    chat: {
      title: subject,
      code: code ?? 'secrets',
      transition: 'opened',
      severity,
      account,
      region,
      what: [what, ...lines(listed, otherCodes.length > 0)],
      risk: undefined,
      since: undefined,
      at,
      step: undefined,
      advice: [],
      links: [{ label: 'Console', url: secretsConsoleUrl({ partition: undefined, region }, undefined) }],
      threadId: ['crowd', account, region, rotationFunctionArn ?? ''].join('#'),
    },
  };
}
