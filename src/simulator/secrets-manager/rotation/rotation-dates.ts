import { DAY, type Instant } from '../../../calendar/instant.ts';
import type { Window } from '../../../calendar/rotation-schedule.ts';
import type { Rotation } from '../store/secret.ts';

/** The window that a schedule leads to when it is set at `now`: counted from the last rotation if there was one. */
export function firstWindow({ schedule, lastRotatedAt }: Rotation, now: Instant): Window | undefined {
  const planned = schedule?.next(lastRotatedAt ?? now);
  return planned === undefined || planned.closesAt > now ? planned : schedule?.next(now);
}

/** A rotation that has just succeeded: its dates, and AutomaticallyAfterDays as derived from the expression. */
export function rotated(rotation: Rotation, now: Instant): Rotation {
  const nextWindow = rotation.schedule?.next(now);
  const derivedDays = nextWindow && Math.max(1, Math.ceil((nextWindow.opensAt - now) / DAY));
  return { ...rotation, lastRotatedAt: now, putAt: undefined, nextWindow, derivedDays };
}

/**
 * A manual change of the value counts as a rotation when the next date is calculated: a window that is open, or was
 * missed, gives way to the next one. LastRotatedDate stays unless the settings say otherwise.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export function changedByHand(rotation: Rotation, now: Instant): Rotation {
  if (rotation.schedule === undefined) return resumed(rotation, now);
  return { ...rotation, nextWindow: rotation.schedule.next(now) };
}

/**
 * A rotation whose obstacle, AWSPENDING on another version than AWSCURRENT, was cleared: a window that was
 * missed in the meantime gives way to the next one. That AWS does so, rather than rotate at once, is our assumption.
 */
export function resumed(rotation: Rotation, now: Instant): Rotation {
  const { schedule, nextWindow } = rotation;
  if (schedule === undefined || (nextWindow !== undefined && nextWindow.closesAt > now)) return rotation;
  return { ...rotation, nextWindow: schedule.next(now) };
}
