import { formatInstant } from '../../../calendar/instant.ts';
import { CANARY_TAGS } from '../../domain/rotation/canary.ts';
import type { Service } from '../service.ts';
import { canaryOf, type WithCanary } from './canary-of.ts';

/** Parts of the service that a tick of the canary uses. */
export type TickingCanary = WithCanary & Pick<Service, 'clock'>;

/** Writes the time into a tag of the canary: a call that CloudTrail records and a rule sends to us. */
export async function tickCanary(service: TickingCanary): Promise<void> {
  await canaryOf(service).tag(CANARY_TAGS.tickedAt, formatInstant(service.clock.now()));
}
