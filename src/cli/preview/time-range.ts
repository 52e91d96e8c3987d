import { DAY, HOUR, type Instant, later, MINUTE } from '../../calendar/instant.ts';

/** What a dashboard shows that names no time: three hours, as in the console. */
const USUAL_MS: number = 3 * HOUR;

/** The time that a dashboard shows until `now`, from its `start` such as `-P7D`. */
export function timeRange(
  start: string | undefined,
  now: Instant,
): { readonly from: Instant; readonly to: Instant } {
  const [, days, hours, minutes] = /^-P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(start ?? '') ?? [];
  const ms = Number(days ?? 0) * DAY + Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE;
  return { from: later(now, -(ms === 0 ? USUAL_MS : ms)), to: now };
}
