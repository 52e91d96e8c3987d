import { DAY, HOUR, type Instant, instant, MINUTE, parseInstant } from '../../calendar/instant.ts';
import { cronTimes } from './cron.ts';
import type { TimeZone } from './time-zone.ts';

/** When a schedule invokes its target, before jitter and windows. */
export interface ScheduleTimes {
  /** Whether it does so only once. */
  readonly isOneTime: boolean;
  /** The first time at or after `from`; undefined when there is none. */
  first(from: Instant): Instant | undefined;
}

const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: HOUR, day: DAY };

/**
 * The times of an `at(…)`, `rate(…)` or `cron(…)` expression; undefined when it is none. A rate counts from `anchor`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function scheduleTimes(
  expression: string,
  { zone, anchor }: { readonly zone: TimeZone; readonly anchor: Instant },
): ScheduleTimes | undefined {
  const [, kind, inner = ''] = /^(at|rate|cron)\(([^()]*)\)$/.exec(expression) ?? [];
  if (kind === 'at') return oneTime(inner, zone);
  if (kind === 'rate') return rate(inner, anchor);
  const times = kind === 'cron' ? cronTimes(inner, zone) : undefined;
  return times && { isOneTime: false, first: times };
}

function oneTime(text: string, zone: TimeZone): ScheduleTimes | undefined {
  const wall = /^\d{4}(-\d\d){2}T\d\d(:\d\d){2}$/.test(text) ? parseInstant(`${text}Z`) : undefined;
  if (wall === undefined || new Date(wall).toISOString() !== `${text}.000Z`) return undefined;
  const at = zone.instantOf(wall);
  return { isOneTime: true, first: (from) => (at !== undefined && at >= from ? at : undefined) };
}

function rate(text: string, anchor: Instant): ScheduleTimes | undefined {
  const [, digits, unit = ''] = /^(\d{1,9}) (minute|hour|day)s?$/.exec(text) ?? [];
  const ms = Number(digits ?? 0) * (UNITS[unit] ?? 0);
  if (ms === 0) return undefined;
  const first = (from: Instant): Instant =>
    instant(anchor + Math.max(0, Math.ceil((from - anchor) / ms)) * ms);
  return { isOneTime: false, first };
}
