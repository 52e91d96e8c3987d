import { HOUR, instant, MINUTE, parseDuration, SECOND } from '../../../calendar/instant.ts';
import { parseRotationSchedule } from '../../../calendar/rotation-schedule.ts';
import type { ScenarioSecret } from '../../scenario/scenario.ts';

/** Longest waits that the monitor promises, in milliseconds. */
export interface Limits {
  readonly stuckAfterMs: number;
  readonly overdueGraceMs: number;
  readonly failedGraceMs: number;
  readonly splitGraceMs: number;
  readonly replicationAfterMs: number;
}

/** The limits of a secret: those of its kind, its own tags, and never more than its rotation window. */
export function limitsOf({ kind, tags = {}, schedule, duration }: ScenarioSecret): Limits {
  const usual = kind === 'managed' ? 15 * MINUTE : HOUR;
  const own = parseDuration(tags['rotation-monitor:stuck-after'] ?? '');
  return {
    stuckAfterMs: Math.min(own ?? usual, windowMs(schedule, duration)),
    overdueGraceMs: parseDuration(tags['rotation-monitor:grace'] ?? '') ?? 15 * MINUTE,
    failedGraceMs: 15 * MINUTE,
    splitGraceMs: 2 * MINUTE,
    replicationAfterMs: parseDuration(tags['rotation-monitor:replication-after'] ?? '') ?? HOUR,
  };
}

/** Whether the tags of a secret say that two users alternate, so that both credentials log in. */
export const alternates = ({ tags }: ScenarioSecret): boolean =>
  tags?.['rotation-monitor:strategy'] === 'alternating-users';

function windowMs(scheduleExpression: string | undefined, duration: string | undefined): number {
  const read = parseRotationSchedule({ automaticallyAfterDays: undefined, scheduleExpression, duration });
  if ('fault' in read) return Number.POSITIVE_INFINITY;
  const { opensAt, closesAt } = read.next(instant(0));
  return closesAt - opensAt + SECOND;
}
