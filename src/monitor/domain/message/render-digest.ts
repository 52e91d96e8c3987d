import { formatInstant } from '../../../calendar/instant.ts';
import { firstOf, type Group, type NamedSecret, type Names } from '../alert/group.ts';
import type { Notification } from '../alert/notification.ts';
import { graver, type Severity } from '../finding/finding.ts';
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
      ...(example === undefined ? [] : [`To do, as for the first: ${example}`]),
    ];
  });
  return {
    subject: digestSubject(kind, notifications),
    text: [...head, ...sections, ...others(group)].join('\n'),
    what: [...head, ...counts],
  };
}

const digestSubject = (kind: Group['kind'], notifications: readonly Notification[]): string => {
  const { account, region } = firstOf(notifications);
  const what = kind === 'weekly' ? 'Still open in' : 'First sweep of';
  return `[${gravest(notifications)}] ${what} ${account} ${region}: ${counted(notifications.length, 'finding')}`;
};

function digestHead(
  kind: Group['kind'],
  { account, region }: Notification,
  count: number,
): readonly string[] {
  const problems = counted(count, 'problem');
  if (kind === 'weekly') {
    return [
      `In account ${account}, ${region}, what was told six times is still open: ${problems}.`,
      'Until it is over, this is told once a week, here.',
    ];
  }
  return [
    `The first sweep of account ${account} in ${region} found what had gone wrong before: ${problems}.`,
    'This is told once, here. What gets worse or is over is told again.',
  ];
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

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
    ...(left > 0 ? [`… and ${left} more. ${othersFollow ? 'Messages to come name them.' : all}`] : []),
    ...(namedBefore > 0 ? [`… and ${namedBefore} more, named in earlier messages. ${all}`] : []),
  ];
}

/** The line that counts what a list left out. */
export const rest = (count: number): readonly string[] =>
  count > MAX_NAMES ? [`… and ${count - MAX_NAMES} more`] : [];

/** The gravest severity among notifications. */
export const gravest = (notifications: readonly Notification[]): Severity =>
  notifications.reduce<Severity>((worst, { severity }) => graver(worst, severity), 'INFORMATIONAL');
