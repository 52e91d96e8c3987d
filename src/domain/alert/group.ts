import type { Instant } from '../instant.ts';
import type { Notification } from './notification.ts';

/** Notifications that become one message. */
export interface Group {
  readonly kind: 'alerts' | 'baseline' | 'weekly';
  readonly notifications: readonly Notification[];
  /** Members of the same group that were told earlier and are still open. */
  readonly before: number;
}

/**
 * Sorts what has to be said into messages. One group per account, region, rotation function, code, severity,
 * transition and owner; those that are over are told together whatever their code was; what a target's first sweep found is one digest, but for what is CRITICAL, and so is what a
 * week has left open.
 */
export function grouped(notifications: readonly Notification[]): readonly Group[] {
  const groups = new Map<string, Notification[]>();
  for (const notification of notifications) {
    const key = groupKey(notification);
    groups.set(key, [...(groups.get(key) ?? []), notification]);
  }
  return [...groups.values()].map((members) => ({
    kind: kindOf(firstOf(members)),
    before: 0,
    notifications: members.sort((a, b) => a.at - b.at || (a.secretName < b.secretName ? -1 : 1)),
  }));
}

/** Whether the notification belongs to its target's baseline digest. */
export const inDigest = ({ baseline, severity, transition }: Notification): boolean =>
  baseline && severity !== 'CRITICAL' && transition === 'opened';

/** When the group may be delivered: when its first member has waited long enough for the others. */
export const dueAt = ({ notifications }: Group): Instant =>
  notifications.reduce(
    (first, { notBefore }) => (notBefore < first ? notBefore : first),
    firstOf(notifications).notBefore,
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

/** What names a group from one delivery to the next, whoever joins it. */
export const keyOfGroup = ({ notifications }: Group): string => groupKey(firstOf(notifications));

const kindOf = (notification: Notification): Group['kind'] => {
  if (notification.reason === 'weekly-digest') return 'weekly';
  return inDigest(notification) ? 'baseline' : 'alerts';
};

function groupKey(notification: Notification): string {
  const { account, region, rotationFunctionArn, code, severity, transition, owner } = notification;
  const kind = kindOf(notification);
  if (kind !== 'alerts') return JSON.stringify([kind, account, region]);
  const together = [kind, account, region, rotationFunctionArn, owner, transition];
  const alike = transition === 'resolved' ? [groupFamily(notification)] : [code, severity];
  return JSON.stringify([...together, ...alike]);
}
