import { DAY, HOUR, type Instant, MINUTE } from '../../calendar/instant.ts';
import { type CalendarMonth, type DayRule, dayRule } from './cron-days.ts';
import { fieldValues, HOURS, MINUTES, MONTHS, YEARS } from './cron-field.ts';
import type { TimeZone, WallTime } from './time-zone.ts';

interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
}

/** Weekdays fall on the same dates again after 28 years, or 40 across a century that is no leap year. */
const SEARCHED_MONTHS: number = 41 * 12;

/** The first time at or after `from` that a cron expression names; undefined when there is none. */
export type CronTimes = (from: Instant) => Instant | undefined;

/** The times that the fields between the parentheses of `cron(…)` name; undefined when they are not cron. The year may be left out. */
export function cronTimes(text: string, zone: TimeZone): CronTimes | undefined {
  const cron = parsed(text);
  return cron && ((from) => firstTime(cron, zone, from));
}

function parsed(text: string): Cron | undefined {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '*', ...rest] =
    text.split(/ +/);
  const minutes = fieldValues(minute, MINUTES);
  const hours = fieldValues(hour, HOURS);
  const days = dayRule(dayOfMonth, dayOfWeek);
  const months = fieldValues(month, MONTHS);
  const years = fieldValues(year, YEARS);
  if (minutes === undefined || hours === undefined || days === undefined) return undefined;
  if (months === undefined || years === undefined || rest.length > 0) return undefined;
  return { minutes, hours, days, months: new Set(months), years: new Set(years) };
}

function firstTime(cron: Cron, zone: TimeZone, from: Instant): Instant | undefined {
  const wall = zone.wallTime(from);
  for (const day of daysOf(cron, wall)) {
    for (const time of timesOf(cron, day)) {
      const at = time < wall ? undefined : zone.instantOf(time);
      if (at !== undefined && at >= from) return at;
    }
  }
  return undefined;
}

/** Midnights of the days that the expression names, from the day of `wall` on. */
function* daysOf({ days, months, years }: Cron, wall: WallTime): Generator<WallTime> {
  const today = Math.floor(wall / DAY) * DAY;
  const start = new Date(wall);
  for (let ahead = 0; ahead <= SEARCHED_MONTHS; ahead++) {
    const first = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + ahead, 1));
    if (!months.has(first.getUTCMonth() + 1) || !years.has(first.getUTCFullYear())) continue;
    const month = calendarMonth(first);
    const named = [...new Set(days(month))].filter((day) => day <= month.length).sort((a, b) => a - b);
    for (const day of named) {
      const midnight = first.getTime() + (day - 1) * DAY;
      if (midnight >= today) yield midnight;
    }
  }
}

const timesOf = ({ hours, minutes }: Cron, midnight: WallTime): readonly WallTime[] =>
  hours.flatMap((hour) => minutes.map((minute) => midnight + hour * HOUR + minute * MINUTE));

function calendarMonth(first: Date): CalendarMonth {
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return { length, firstWeekday: first.getUTCDay() + 1 };
}
