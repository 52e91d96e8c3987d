import type { Instant } from '../../../calendar/instant.ts';
import { type FindingCode, rankOf, type Severity } from '../finding/finding.ts';
import type { Notification, Transition } from './notification.ts';

/** Notifications that become one message. */
export interface Group {
  readonly kind: 'alerts' | 'baseline' | 'weekly';
  /** One for each alert: the gravest first, then the oldest; of what is over the oldest first. */
  readonly notifications: readonly Notification[];
  /** Older notifications about the same alerts that were not sent; the later ones stand for them. */
  readonly earlier: readonly Notification[];
  /** Members of the same group that were reported earlier and are still open. */
  readonly before: number;
  /** Number of its notifications about members that were reported earlier. */
  readonly retold: number;
  /** The secrets that its message names; undefined before that is decided. */
  readonly names?: Names | undefined;
}

/** A secret as a message names it. */
export interface NamedSecret {
  readonly secretName: string;
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly since: Instant;
}

/** The secrets that a message names. */
export interface Names {
  readonly listed: readonly NamedSecret[];
  /** Number of secrets in the whole group. */
  readonly crowd: number;
  /** Number of secrets that no message has named. */
  readonly left: number;
  /** Number of secrets with a part in the message that are left out because earlier messages named them. */
  readonly namedBefore: number;
  /** Whether messages to come name those. */
  readonly othersFollow: boolean;
}

/**
 * Sorts what has to be said into messages. Secrets behind one rotation function are one conversation by account,
 * region, owner and family of codes: what is news, what is repeated and what is over are a message each, whatever codes
 * and severities meet in it. All else is grouped by code, severity and transition too. What a target's first sweep found
 * is one digest for each owner, but for what is CRITICAL, and so is what a week has left open. What is over comes last: nobody is to hear
 * of an end before the beginning.
 */
export function grouped(notifications: readonly Notification[]): readonly Group[] {
  const groups = new Map<string, Notification[]>();
  for (const notification of notifications) {
    const key = groupKey(notification);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [notification]);
    else group.push(notification);
  }
  return [...groups.values()].map(groupOf).sort((a, b) => Number(isOver(a)) - Number(isOver(b)));
}

const isOver = ({ notifications }: Group): boolean => firstOf(notifications).transition === 'resolved';

function groupOf(members: readonly Notification[]): Group {
  const kind = kindOf(firstOf(members));
  const oldestFirst = [...members].sort((a, b) => a.at - b.at || (a.secretName < b.secretName ? -1 : 1));
  if (kind !== 'alerts' || firstOf(members).transition === 'resolved') {
    return { kind, notifications: oldestFirst, earlier: [], before: 0, retold: 0 };
  }
  const latest = new Set(new Map(oldestFirst.map((each) => [each.fingerprint, each])).values());
  return {
    kind,
    notifications: [...latest].sort((a, b) => rankOf(b.severity) - rankOf(a.severity) || a.at - b.at),
    earlier: oldestFirst.filter((each) => !latest.has(each)),
    before: 0,
    retold: 0,
  };
}

/** All notifications of a group, those that it does not show included. */
export const everyOf = ({ notifications, earlier }: Group): readonly Notification[] => [
  ...notifications,
  ...earlier,
];

/**
 * Returns the transition of the group as a whole: not acknowledged, new or worse, in this order; else that of its first
 * notification.
 */
export function transitionOf(group: Group): Transition {
  const transitions = new Set(everyOf(group).map(({ transition }) => transition));
  const gravest = (['escalated', 'opened'] as const).find((transition) => transitions.has(transition));
  return gravest ?? firstOf(group.notifications).transition;
}

/** Whether the notification belongs to its target's baseline digest. */
export const inDigest = ({ baseline, severity, transition }: Notification): boolean =>
  baseline && severity !== 'CRITICAL' && transition === 'opened';

/** Parts a group into what a test holds for and the group of all else; undefined where nothing else is left. */
export function parted(
  group: Group,
  test: (notification: Notification) => boolean,
): { readonly held: readonly Notification[]; readonly left: Group | undefined } {
  const every = everyOf(group);
  const held = every.filter(test);
  if (held.length === 0) return { held, left: group };
  const taken = new Set(held);
  const left = every.filter((each) => !taken.has(each));
  return { held, left: left.length === 0 ? undefined : groupOf(left) };
}

/** The groups that may be delivered by then: where the end of an alert goes out, all that waits about it goes before it. */
export function dueBy(groups: readonly Group[], until: Instant): readonly Group[] {
  const due = new Set(groups.filter((group) => dueAt(group) <= until));
  const ending = [...due].filter(isOver).flatMap(({ notifications }) => notifications);
  const ends = new Set(ending.map(({ fingerprint }) => fingerprint));
  return groups.filter(
    (group) => due.has(group) || everyOf(group).some(({ fingerprint }) => ends.has(fingerprint)),
  );
}

/** Returns the time at which the group may be delivered: its first member has waited long enough for the others. */
export const dueAt = (group: Group): Instant =>
  everyOf(group).reduce(
    (first, { notBefore }) => (notBefore < first ? notBefore : first),
    firstOf(group.notifications).notBefore,
  );

/** The member a message about the group is written from. */
export function firstOf(notifications: readonly Notification[]): Notification {
  const [first] = notifications;
  if (first === undefined) throw new RangeError('Cannot read a group without notifications');
  return first;
}

/** Alerts about pending versions are of one family whatever their code; their codes change as evidence comes. */
export const groupFamily = ({ finding, code }: Notification): string =>
  finding.pendingVersionId === undefined ? code : 'pending';

/** Whether notifications about the secret belong to the conversation about its rotation function. */
export const converses = (notification: Notification): boolean =>
  kindOf(notification) === 'alerts' &&
  notification.rotationFunctionArn !== undefined &&
  notification.transition !== 'silenced';

/** Returns the key of a group, the same from one delivery to the next, whoever joins it. */
export const keyOfGroup = ({ notifications }: Group): string => groupKey(firstOf(notifications));

const kindOf = (notification: Notification): Group['kind'] => {
  if (notification.reason === 'weekly-digest') return 'weekly';
  return inDigest(notification) ? 'baseline' : 'alerts';
};

/** Transitions that are sent together where there is a conversation. */
const NEWS: ReadonlySet<Transition> = new Set(['opened', 'rose', 'escalated']);

function groupKey(notification: Notification): string {
  const { account, region, rotationFunctionArn, code, severity, transition, owner } = notification;
  const kind = kindOf(notification);
  if (kind !== 'alerts') return JSON.stringify([kind, account, region, owner]);
  const place = [kind, account, region, rotationFunctionArn, owner];
  if (converses(notification)) {
    return JSON.stringify([...place, NEWS.has(transition) ? 'news' : transition, groupFamily(notification)]);
  }
  const alike = transition === 'resolved' ? [groupFamily(notification)] : [code, severity];
  return JSON.stringify([...place, transition, ...alike]);
}
