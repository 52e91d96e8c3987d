import { HOUR } from '../../../calendar/instant.ts';
import type { Service } from '../service.ts';
import { updateTarget } from '../target/update-target.ts';

/** Remembers, at most hourly, that events arrive. */
export const noteEventPath = ({
  store,
  clock,
  settings,
}: Pick<Service, 'store' | 'clock' | 'settings'>): Promise<void> =>
  updateTarget(store, settings.target, (record) => {
    const now = clock.now();
    if (record.eventSeenAt !== undefined && now - record.eventSeenAt < HOUR) return undefined;
    return { ...record, eventSeenAt: now };
  });
