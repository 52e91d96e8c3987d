import type { Instant } from '../../../calendar/instant.ts';
import type { BaselineEnds } from '../../domain/alert/admit.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import { targetKey } from '../../domain/secret/secret.ts';
import type { Service } from '../service.ts';

/** Reads when the first sweeps ended of the targets whose baseline is among the notifications, by the key of the target. */
export async function baselineEnds(
  store: Pick<Service['store'], 'readTarget'>,
  notifications: readonly Notification[],
): Promise<BaselineEnds> {
  const ends = new Map<string, Instant | undefined>();
  for (const { baseline, account, region } of notifications) {
    const key = targetKey({ account, region });
    if (!baseline || ends.has(key)) continue;
    ends.set(key, (await store.readTarget({ account, region }))?.baselineAt);
  }
  return ends;
}
