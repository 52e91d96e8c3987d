import { type Instant, later, SECOND } from '../../../calendar/instant.ts';
import { SHOWN_AFTER_MS } from '../../domain/alert/notification.ts';
import type { DeliveryQueue } from '../../ports/tell/delivery-queue.ts';
import type { Service } from '../service.ts';

/**
 * The delivery queue for one run that stores much: it asks for one delivery where many would find the same. A delivery
 * that is expected in between sees what was stored, and has itself followed by the next when that is due.
 */
export function wakesOfOneRun({ queue, clock }: Pick<Service, 'queue' | 'clock'>): DeliveryQueue {
  const expected: Instant[] = [];
  return {
    async wake(seconds, hop) {
      const now = clock.now();
      const at = later(now, seconds * SECOND);
      const isSeen = (run: Instant) =>
        run >= later(now, Math.min(SHOWN_AFTER_MS, seconds * SECOND)) && run <= at;
      if (expected.some(isSeen)) return;
      expected.push(at);
      try {
        await queue.wake(seconds, hop);
      } catch (error) {
        expected.splice(expected.indexOf(at), 1);
        throw error;
      }
    },
  };
}
