import { formatDuration, formatInstant, type Instant, SECOND } from '../../calendar/instant.ts';
import { parseRotationSchedule } from '../../calendar/rotation-schedule.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';

/** Returns the lines about the rotation of a secret: its rules, its last rotation, and the end of the next window. */
export function scheduleLines(secret: Secret, now: Instant, zone: string): readonly string[] {
  const { rotationEnabled, rotationRules, lastRotatedAt, nextRotationAt } = secret;
  if (rotationEnabled === undefined) return ['Rotation was never configured.'];
  const schedule = rotationRules && parseRotationSchedule(rotationRules);
  const rules =
    schedule === undefined || 'fault' in schedule ? 'no schedule that can be read' : schedule.text;
  const window = rotationRules?.duration === undefined ? '' : `, window of ${rotationRules.duration}`;
  return [
    `Rotation is ${rotationEnabled ? 'on' : 'off'}: ${rules}${window}.`,
    lastRotatedAt === undefined
      ? 'It has never rotated.'
      : `Last rotation: ${inZones(lastRotatedAt, zone)}, ${formatDuration(now - lastRotatedAt)} ago.`,
    ...(nextRotationAt === undefined ? [] : [nextLine(nextRotationAt, now, zone)]),
    ...openingOf(secret, now, zone),
  ];
}

const nextLine = (dueAt: Instant, now: Instant, zone: string): string =>
  dueAt >= now
    ? `Rotates by: ${inZones(dueAt, zone)}, in ${formatDuration(dueAt - now)}.`
    : `Was due by: ${inZones(dueAt, zone)}, ${formatDuration(now - dueAt)} ago.`;

/**
 * Returns the opening of the window that is open or next, as far as the rules determine it: a rate counts from the last
 * rotation.
 */
function openingOf({ rotationRules, lastRotatedAt }: Secret, now: Instant, zone: string): readonly string[] {
  const schedule = rotationRules && parseRotationSchedule(rotationRules);
  if (schedule === undefined || 'fault' in schedule) return [];
  if (schedule.kind !== 'cron' && lastRotatedAt === undefined) return [];
  const { opensAt, closesAt } = schedule.next(schedule.kind === 'cron' ? now : (lastRotatedAt ?? now));
  return closesAt < now
    ? []
    : [`Next window: from ${inZones(opensAt, zone)} for ${formatDuration(closesAt - opensAt + SECOND)}.`];
}

/** A time in UTC, and as the clock on the wall shows it where that differs. */
export function inZones(at: Instant, zone: string): string {
  const utc = formatInstant(at);
  if (zone === 'UTC') return utc;
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
  return `${utc} (${local} ${zone})`;
}
