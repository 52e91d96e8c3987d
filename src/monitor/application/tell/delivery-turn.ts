import { type Instant, later, SECOND } from '../../../calendar/instant.ts';
import { hopOf, MAX_HOPS } from '../../domain/alert/delivery-hop.ts';
import type { Service } from '../service.ts';

/** One invocation that delivers. */
export interface DeliveryTurn {
  /** Time to leave the rest to the next run; undefined where time does not run out. */
  readonly handOverAt: Instant | undefined;
  /** Number of runs in a row that have led to this one. */
  readonly hop: number;
}

/** A run that time does not stop. */
export const UNHURRIED: DeliveryTurn = { handOverAt: undefined, hop: 0 };

/** Time to finish the sends under way and to note their outcome. */
const MARGIN_MS: number = 10 * SECOND;

/** The turn of an invocation with so much time left, woken by messages with these texts. */
export const deliveryTurn = (now: Instant, remainingMs: number, texts: readonly string[]): DeliveryTurn => ({
  handOverAt: later(now, Math.max(0, remainingMs - MARGIN_MS)),
  hop: hopOf(texts),
});

/** Has another run go on, unless too many have in a row: then the next sweep has it done. */
export async function goOn(
  { queue, log }: Pick<Service, 'queue' | 'log'>,
  seconds: number,
  { hop }: DeliveryTurn,
): Promise<void> {
  if (hop < MAX_HOPS) return queue.wake(seconds, hop + 1);
  log({ level: 'error', message: 'A delivery was handed over too often', details: { times: hop } });
}
