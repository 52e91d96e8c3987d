import { overdue, overOf, waitsOnPurpose } from '../../domain/alert/admit.ts';
import { converses, everyOf, firstOf, grouped } from '../../domain/alert/group.ts';
import { recordKey } from '../../domain/alert/group-record.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import type { TargetRecord } from '../../domain/state/secret-state.ts';
import type { Service } from '../service.ts';

/** The notifications that should have been delivered long ago; those of a group that is held back on purpose are none. */
export async function lateNotifications(
  { store, clock }: Pick<Service, 'store' | 'clock'>,
  notifications: readonly Notification[],
  record: TargetRecord,
): Promise<readonly Notification[]> {
  const now = clock.now();
  const late = overdue(notifications, record, now);
  if (late.length === 0) return late;
  const isLate = new Set(late);
  const over = overOf(notifications);
  const held = new Set<Notification>();
  for (const group of grouped(notifications)) {
    const all = everyOf(group);
    if (!converses(firstOf(group.notifications)) || !all.some((each) => isLate.has(each))) continue;
    const standing = { known: await store.readGroup(recordKey(group)), over, now };
    if (waitsOnPurpose(group, standing)) for (const each of all) held.add(each);
  }
  return late.filter((each) => !held.has(each));
}
