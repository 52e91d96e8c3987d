import { type Instant, instant, later, MINUTE, SECOND } from '../../../calendar/instant.ts';
import type { Service } from '../service.ts';

/** Two machines' clocks may differ this much: a group this close to its time is due. */
export const CLOCK_SKEW_MS: number = SECOND;

/** Time of one of the steps to the end of a hold: with the skew of clocks less than the longest delay of a queue. */
const STEP_MS: number = 14 * MINUTE;

/**
 * Wakes the delivery when the first group that waits on purpose may be sent. A hold that is longer than the queue's
 * longest delay is crossed in steps, counted from its end so that all runs agree on them; each is asked for once.
 */
export async function wakeAfterHold(
  { queue, store, clock }: Pick<Service, 'queue' | 'store' | 'clock'>,
  holder: string,
  until: Instant | undefined,
): Promise<void> {
  const now = clock.now();
  if (until === undefined || until <= now) return;
  const steps = Math.ceil((until - now) / STEP_MS) - 1;
  const at = instant(until - steps * STEP_MS);
  const lock = { name: `deliver at ${at}`, holder, now, until: at };
  if (!(await store.acquireLock(lock))) return;
  try {
    await queue.wake(Math.ceil((later(at, CLOCK_SKEW_MS) - now) / SECOND));
  } catch (error) {
    await store.releaseLock(lock);
    throw error;
  }
}
