import { formatDuration } from '../../../calendar/instant.ts';
import { amount, plural } from '../../../calendar/plural.ts';
import { firstOf, type Group, transitionOf } from '../alert/group.ts';
import type { Notification } from '../alert/notification.ts';

/** Most codes that a subject names. */
const MAX_CODES = 3;

/** They leave room for the number of secrets and for how the group stands. */
const LONGEST_CODES = 55;

function firstCodes(codes: readonly string[], most: number): string {
  const more = codes.length > most ? [`${codes.length - most} more`] : [];
  return [...codes.slice(0, most), ...more].join(', ');
}

/** The codes of a group, that of its gravest member first. */
const codesOf = ({ notifications }: Group): readonly string[] => [
  ...new Set(notifications.map(({ code }) => code)),
];

/** The codes of a group for its subject. */
export function codesText(group: Group): string {
  const codes = codesOf(group);
  const texts = Array.from({ length: MAX_CODES }, (_, index) => firstCodes(codes, MAX_CODES - index));
  return texts.find((text) => text.length <= LONGEST_CODES) ?? texts.at(-1) ?? '';
}

/** Names the secrets of a group: several alerts may be about one, a version each. */
export function namedIn(notifications: readonly Notification[]): string {
  const secrets = new Set(notifications.map(({ secretArn }) => secretArn)).size;
  return secrets === 1 ? firstOf(notifications).secretName : plural(secrets, 'secret');
}

/** Returns the addition to the subject about a group that was reported before. */
export function standing(group: Group): string {
  const { before, retold, notifications } = group;
  const { at, finding } = firstOf(notifications);
  const added = notifications.length - retold;
  const all = `${amount(before + notifications.length)} in all`;
  const transition = transitionOf(group);
  if (transition === 'escalated') return before > 0 ? ` (not acknowledged, ${all})` : ' (not acknowledged)';
  if (transition === 'repeated') {
    return ` (still open, ${formatDuration(at - finding.since)}${before > 0 ? `, ${all}` : ''})`;
  }
  if (before === 0) return '';
  return added > 0 ? ` (+${amount(added)}, ${all})` : ` (${all})`;
}

/** Returns the lines about the group's relation to earlier messages. */
export function toldBefore(group: Group): readonly string[] {
  return [...againLine(group), ...wasLine(group), ...othersLine(group)];
}

function againLine(group: Group): readonly string[] {
  const isOne = group.notifications.length === 1;
  switch (transitionOf(group)) {
    case 'rose':
      return [`Severity rose to ${firstOf(group.notifications).severity}.`];
    case 'repeated':
      return [
        isOne
          ? 'It was reported earlier and is still open.'
          : 'They were reported earlier and are still open.',
      ];
    case 'escalated':
      return [
        `Nobody has acknowledged ${isOne ? 'it' : 'them'}: this message also goes to the escalation route.`,
      ];
    default:
      return [];
  }
}

function wasLine({ notifications }: Group): readonly string[] {
  const codes = [...new Set(notifications.flatMap(({ toldAs }) => toldAs ?? []))];
  if (codes.length === 0) return [];
  return [`${notifications.length === 1 ? 'It was' : 'Some were'} reported earlier as ${codes.join(', ')}.`];
}

function othersLine({ before, notifications }: Group): readonly string[] {
  if (before === 0) return [];
  const through = firstOf(notifications).rotationFunctionArn ?? 'the same function';
  const [were, are] = before === 1 ? ['was', 'is'] : ['were', 'are'];
  return [
    `${plural(before, 'more alert')} about secrets behind ${through} ${were} reported earlier and ${are} still open.`,
  ];
}

/** The sentence that says what the secrets of a group have in common. */
export function same(group: Group): string {
  const { notifications } = group;
  const { rotationFunctionArn } = firstOf(notifications);
  const through = rotationFunctionArn === undefined ? '' : ` behind ${rotationFunctionArn}`;
  const isOne = new Set(notifications.map(({ secretArn }) => secretArn)).size === 1;
  const [code, ...others] = codesOf(group);
  const counts = codesOf(group).map((each) => `${amount(countOf(notifications, each))} ${each}`);
  if (isOne)
    return `The secret ${namedIn(notifications)}${through} has several alerts: ${counts.join(', ')}.`;
  return others.length === 0
    ? `${namedIn(notifications)}${through} have the same finding: ${code}.`
    : `${namedIn(notifications)}${through} have findings: ${counts.join(', ')}.`;
}

const countOf = (notifications: readonly Notification[], code: string): number =>
  notifications.filter((each) => each.code === code).length;
