import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import { admit, type Standing } from './admit.ts';
import { everyOf, firstOf, type Group, inDigest } from './group.ts';
import type { Notification } from './notification.ts';

/** What is not delivered this long after it could have been is told on another path. */
const OVERDUE_AFTER_MS: number = 15 * MINUTE;

/** The notifications that are past their time by more than a while; a baseline that is still held back is none of them. */
export const overdue = (
  notifications: readonly Notification[],
  { baselineAt }: { readonly baselineAt: Instant | undefined },
  now: Instant,
): readonly Notification[] =>
  notifications.filter(
    (notification) =>
      now - notification.notBefore > OVERDUE_AFTER_MS &&
      !(baselineAt === undefined && inDigest(notification)),
  );

/** Whether a group waits on purpose, or did until a moment ago: as it grows, or until all of it is over. */
export function waitsOnPurpose(group: Group, standing: Standing): boolean {
  const { now } = standing;
  const newest = everyOf(group).reduce((latest, { notBefore }) => Math.max(latest, notBefore), 0);
  if (firstOf(group.notifications).transition === 'resolved' && now - newest <= OVERDUE_AFTER_MS) return true;
  return admit(group, { ...standing, now: later(now, -OVERDUE_AFTER_MS) }).kind === 'hold';
}
