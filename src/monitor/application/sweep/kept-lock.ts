import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import type { Service } from '../service.ts';

/** The right to do something alone, which has to be renewed while it is done. */
export interface KeptLock {
  /** False while another holds it. */
  take(): Promise<boolean>;
  /** Renews it when it is time to; false when it was lost to another. */
  keep(): Promise<boolean>;
  /** Renews it so that whoever goes on under the same name has this long to begin. */
  keepFor(ms: number): Promise<boolean>;
  release(): Promise<void>;
}

/** One who dies frees the way after this: before the schedule sweeps again. */
const LOCK_MS: number = 4 * MINUTE;
/** Time between two renewals of the lock. */
const RENEWED_AFTER_MS: number = MINUTE;

/** The lock `name` of `holder`; nothing is taken yet. */
export function keptLock(
  { store, clock }: Pick<Service, 'store' | 'clock'>,
  { name, holder }: { readonly name: string; readonly holder: string },
): KeptLock {
  let renewedAt: Instant | undefined;
  const until = (ms: number) => {
    const now = clock.now();
    renewedAt = now;
    return { name, holder, now, until: later(now, ms) };
  };
  const keepFor = (ms: number): Promise<boolean> => store.acquireLock(until(ms));
  return {
    take: () => keepFor(LOCK_MS),
    keep: async () =>
      (renewedAt !== undefined && clock.now() - renewedAt < RENEWED_AFTER_MS) || keepFor(LOCK_MS),
    keepFor,
    release: () => store.releaseLock({ name, holder, now: clock.now(), until: clock.now() }),
  };
}
