import { overdue, overLongAgo, waitsOnPurpose } from '../../domain/alert/admit.ts';
import { converses, everyOf, firstOf, grouped } from '../../domain/alert/group.ts';
import { recordKey } from '../../domain/alert/group-record.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import type { Service } from '../service.ts';
import { baselineEnds } from './baseline-ends.ts';

/** The notifications that should have been delivered long ago; what is held back on purpose is none. */
export async function lateNotifications(
  { store, clock }: Pick<Service, 'store' | 'clock'>,
  notifications: readonly Notification[],
): Promise<readonly Notification[]> {
  const now = clock.now();
  const late = overdue(notifications, await baselineEnds(store, notifications), now);
  if (late.length === 0) return late;
  const isLate = new Set(late);
  const over = overLongAgo(notifications, now);
  const held = new Set<Notification>();
  for (const group of grouped(notifications)) {
    const all = everyOf(group);
    if (!converses(firstOf(group.notifications)) || !all.some((each) => isLate.has(each))) continue;
    const standing = { known: await store.readGroup(recordKey(group)), over, now };
    if (waitsOnPurpose(group, standing)) for (const each of all) held.add(each);
  }
  return late.filter((each) => !held.has(each));
}
