import { DAY, HOUR, type Instant, MINUTE } from '../../../calendar/instant.ts';
import { isReplica, type Secret } from '../secret/secret.ts';
import type { TargetRecord } from './secret-state.ts';

/** Silence means something while a rotation event was seen within this time. */
const EVENTS_ARRIVE_WITHIN_MS = DAY;

/** Whether rotation events of a target are known to arrive. Nothing else decides that. */
export const eventsArrive = (record: Pick<TargetRecord, 'eventSeenAt'> | undefined, now: Instant): boolean =>
  record?.eventSeenAt !== undefined && now - record.eventSeenAt <= EVENTS_ARRIVE_WITHIN_MS;

/** The event of a rotation is missed when it has not come after this time. */
const MISSED_AFTER_MS: number = 30 * MINUTE;

/** Rotations up to this instant should have had their event by now. */
export const eventsDueUntil = (now: Instant): number => now - MISSED_AFTER_MS;

/**
 * Whether the secret rotated long enough ago for the event to have come, and no sweep has looked for it yet. What
 * rotated before the first sweep was complete is not asked for: nobody may have listened then.
 */
export function awaitsEvent(
  secret: Secret,
  { baselineAt, eventsCheckedUntil }: TargetRecord,
  { now, sweepIntervalMs }: { readonly now: Instant; readonly sweepIntervalMs: number },
): boolean {
  const { lastRotatedAt, deletedAt } = secret;
  if (lastRotatedAt === undefined || baselineAt === undefined) return false;
  if (deletedAt !== undefined || isReplica(secret)) return false;
  const since = Math.max(baselineAt, eventsCheckedUntil ?? 0, now - HOUR - sweepIntervalMs);
  return lastRotatedAt > since && lastRotatedAt <= eventsDueUntil(now);
}
