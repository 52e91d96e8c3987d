import type { Instant } from '../../../calendar/instant.ts';
import { parseRotationSchedule } from '../../../calendar/rotation-schedule.ts';
import type { Secret } from './secret.ts';

/** The time between the two rotation windows after an instant, in milliseconds; undefined without a readable schedule. */
export function rotationIntervalMs(
  { rotationRules }: Pick<Secret, 'rotationRules'>,
  after: Instant,
): number | undefined {
  const schedule = rotationRules && parseRotationSchedule(rotationRules);
  if (schedule === undefined || 'fault' in schedule) return undefined;
  const { opensAt } = schedule.next(after);
  return schedule.next(opensAt).opensAt - opensAt;
}
