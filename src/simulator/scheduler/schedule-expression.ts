import { DAY, HOUR, type Instant, instant, MINUTE, parseInstant } from '../../calendar/instant.ts';
import type { TimeZone, WallTime } from './time-zone.ts';

/** Times at which a schedule invokes its target, before jitter and windows. */
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
type CronTimes = (from: Instant) => Instant | undefined;

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

/** A month as a day field sees it: how long it is and on which weekday (1 = Sunday) it begins. */
interface CalendarMonth {
  readonly length: number;
  readonly firstWeekday: number;
}

/** The days of a month that a day field names, in any order; some may lie beyond the month. */
type DayRule = (month: CalendarMonth) => readonly number[];

const WEEK = 7;
const SATURDAY = 7;
const SUNDAY = 1;

/**
 * The rule of the two day fields, exactly one of which is `?`; undefined when they make none. `L` is the last day,
 * `W` the weekday next to a day, `#` the n-th of a weekday.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
function dayRule(dayOfMonth: string, dayOfWeek: string): DayRule | undefined {
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  return dayOfWeek === '?' ? monthDays(dayOfMonth) : weekdays(dayOfWeek);
}

function monthDays(field: string): DayRule | undefined {
  if (field === 'L') return ({ length }) => [length];
  if (field === 'LW') return (month) => [workdayNextTo(month.length, month)];
  const [, day] = /^(\d{1,2})W$/.exec(field) ?? [];
  if (day !== undefined) {
    const near = fieldValue(day, DAYS);
    return near === undefined
      ? undefined
      : (month) => (near > month.length ? [] : [workdayNextTo(near, month)]);
  }
  const days = fieldValues(field, DAYS);
  return days && (() => days);
}

function weekdays(field: string): DayRule | undefined {
  if (field === 'L') return daysOn(WEEKDAYS.max);
  const [, day = '', nth] = /^(\w+?)(L|#[1-5])$/i.exec(field) ?? [];
  if (nth !== undefined) {
    const weekday = fieldValue(day, WEEKDAYS);
    const index = nth.startsWith('#') ? Number(nth.slice(1)) - 1 : -1;
    return weekday === undefined ? undefined : (month) => [daysOn(weekday)(month).at(index) ?? NONE];
  }
  const named = fieldValues(field, WEEKDAYS);
  return named && ((month) => named.flatMap((weekday) => daysOn(weekday)(month)));
}

/** A day beyond every month. */
const NONE = 99;

const daysOn =
  (weekday: number): DayRule =>
  ({ length, firstWeekday }) => {
    const first = 1 + ((weekday - firstWeekday + WEEK) % WEEK);
    return Array.from(
      { length: Math.floor((length - first) / WEEK) + 1 },
      (_, index) => first + index * WEEK,
    );
  };

/** The working day closest to a day, within the same month. */
function workdayNextTo(day: number, { length, firstWeekday }: CalendarMonth): number {
  const weekday = ((firstWeekday - 1 + day - 1) % WEEK) + 1;
  if (weekday === SATURDAY) return day > 1 ? day - 1 : day + 2;
  if (weekday === SUNDAY) return day < length ? day + 1 : day - 2;
  return day;
}

/** The values a field may have. */
interface FieldRange {
  readonly min: number;
  readonly max: number;
  /** Names of the values, the first one standing for `min`. */
  readonly names: readonly string[];
}

/** Minutes of an hour. */
const MINUTES: FieldRange = { min: 0, max: 59, names: [] };
/** Hours of a day. */
const HOURS: FieldRange = { min: 0, max: 23, names: [] };
/** Days of a month. */
const DAYS: FieldRange = { min: 1, max: 31, names: [] };
/** Months of a year. */
const MONTHS: FieldRange = {
  min: 1,
  max: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
/** Days of a week, which begins on Sunday. */
const WEEKDAYS: FieldRange = {
  min: 1,
  max: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};
/** Years that Scheduler knows. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const YEARS: FieldRange = { min: 1970, max: 2199, names: [] };

/** All values that a field names with numbers, names, `,`, `-`, `*` and `/`, ascending; undefined when one is out of range. */
function fieldValues(field: string, range: FieldRange): readonly number[] | undefined {
  const items = field.split(',').map((item) => itemValues(item, range));
  const known = items.filter((item) => item !== undefined);
  return known.length < items.length ? undefined : [...new Set(known.flat())].sort((a, b) => a - b);
}

/** The one value that a number or name means; undefined when it is none of the range. */
function fieldValue(text: string, { min, max, names }: FieldRange): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return min + named;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? value : undefined;
}

function itemValues(item: string, range: FieldRange): readonly number[] | undefined {
  const [, left = '', , stepText] = /^([^/]+)(\/(\d{1,4}))?$/.exec(item) ?? [];
  const step = stepText === undefined ? undefined : Number(stepText);
  if (left === '' || step === 0) return undefined;
  const [from, to, ...rest] = left === '*' ? [range.min, range.max] : ends(left, range);
  if (from === undefined || rest.length > 0) return undefined;
  const last = to ?? (step === undefined ? from : range.max);
  return last < from ? undefined : every(from, last, step ?? 1);
}

function ends(text: string, range: FieldRange): readonly (number | undefined)[] {
  const values = text.split('-').map((part) => fieldValue(part, range));
  return values.includes(undefined) ? [] : values;
}

const every = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
