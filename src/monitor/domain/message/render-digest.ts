import { formatInstant } from '../../../calendar/instant.ts';
import { amount, plural } from '../../../calendar/plural.ts';
import { firstOf, type Group, type NamedSecret, type Names } from '../alert/group.ts';
import type { Notification } from '../alert/notification.ts';
import { graver, type Severity } from '../finding/finding.ts';
import { explainCommand } from './explain-command.ts';
import type { Message } from './message.ts';

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
export const lines = (listed: readonly NamedSecret[], differ: boolean): readonly string[] =>
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
