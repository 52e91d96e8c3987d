import type { Instant } from '../../../calendar/instant.ts';

/** A message that a channel refused for a reason that trying again does not cure. */
export interface Refusal {
  /** Key of the group the message was about, or {@link EVERY_GROUP}. */
  readonly group: string;
  readonly reason: string;
  readonly at: Instant;
}

/** The group of a refusal that concerns the channel as a whole, such as a topic that is gone. */
export const EVERY_GROUP = '*';

/** Just under a sweep interval, so that what each sweep drives on is tried once. */
const HELD_BACK_SHARE = 0.9;

/** The refusals that still keep their groups from being tried again. */
export const inForce = (
  refusals: readonly Refusal[],
  now: Instant,
  sweepIntervalMs: number,
): readonly Refusal[] => refusals.filter(({ at }) => now - at < HELD_BACK_SHARE * sweepIntervalMs);

/** The refusal that keeps a group from being tried, if there is one. */
export const holdingBack = (refusals: readonly Refusal[], group: string): Refusal | undefined =>
  refusals.find((refusal) => refusal.group === group || refusal.group === EVERY_GROUP);
