/** A month as a day field sees it: how long it is and on which weekday (1 = Sunday) it begins. */
export interface CalendarMonth {
  /** 1 to 12. */
  readonly number: number;
  readonly length: number;
  readonly firstWeekday: number;
}

/** The two things a Secrets Manager `cron()` decides: on which days and in which hours a window opens. */
export interface CronFields {
  /** Ascending, 0 to 23. */
  readonly hours: readonly number[];
  /** Days of a month, ascending; empty for a month without any. */
  daysOf(month: CalendarMonth): readonly number[];
}

/** The reason why an expression is refused, as the end of a sentence. */
export interface CronFault {
  readonly fault: string;
}

type DayRule = (month: CalendarMonth) => readonly number[];

interface Range {
  readonly min: number;
  readonly max: number;
  /** Names of the values, the first one standing for `min`. */
  readonly names: readonly string[];
}

const HOURS: Range = { min: 0, max: 23, names: [] };
const DAYS: Range = { min: 1, max: 31, names: [] };
const MONTHS: Range = {
  min: 1,
  max: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const WEEKDAYS: Range = { min: 1, max: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] };
const WEEK = 7;
const SHORTEST_GAP_HOURS = 4;

/**
 * Parses what stands between the parentheses of `cron(…)`, in the six fields Secrets Manager accepts.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function parseCronFields(text: string): CronFields | CronFault {
  const [minutes, hour, dayOfMonth, month, dayOfWeek, year, ...rest] = text.trim().split(/\s+/);
  if (year === undefined || rest.length > 0) return fault('must have six fields');
  if (minutes !== '0') return fault('must have 0 in the minutes field');
  if (year !== '*') return fault('must have * in the year field');
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    return fault('must have ? in exactly one of the day fields');
  const hours = valuesOf(hour ?? '', HOURS);
  if (hours === undefined) return fault('must have hours from 0 to 23');
  if (hours.some((at, index) => at - (hours[index - 1] ?? -24) < SHORTEST_GAP_HOURS)) {
    return fault('must leave four hours between rotations');
  }
  const months = valuesOf(month ?? '', MONTHS);
  if (months === undefined) return fault('must have months from 1 to 12 or JAN to DEC');
  const days = dayRule(dayOfMonth ?? '', dayOfWeek ?? '');
  if (days === undefined)
    return fault('must have days from 1 to 31, L, or weekdays from 1 to 7 or SUN to SAT');
  return {
    hours,
    daysOf: (of) => (months.includes(of.number) ? ascending(days(of).filter((day) => day <= of.length)) : []),
  };
}

const fault = (text: string): CronFault => ({ fault: text });

function dayRule(dayOfMonth: string, dayOfWeek: string): DayRule | undefined {
  const inMonth = dayOfMonth !== '?';
  const rules = (inMonth ? dayOfMonth : dayOfWeek).split(',').map(inMonth ? monthDayRule : weekdayRule);
  const known = rules.filter((rule) => rule !== undefined);
  return known.length < rules.length ? undefined : (month) => known.flatMap((rule) => rule(month));
}

function monthDayRule(item: string): DayRule | undefined {
  if (item === 'L') return ({ length }) => [length];
  const days = valuesOf(item, DAYS);
  return days && (() => days);
}

function weekdayRule(item: string): DayRule | undefined {
  if (item === 'L') return daysOn(WEEKDAYS.max);
  const [, day, nth] = /^(\w+?)(L|#[1-5])$/i.exec(item) ?? [];
  if (day !== undefined && nth !== undefined) return nthWeekday(valueNamed(day, WEEKDAYS), nth);
  const weekdays = valuesOf(item, WEEKDAYS);
  return weekdays && ((month) => weekdays.flatMap((weekday) => daysOn(weekday)(month)));
}

function nthWeekday(weekday: number | undefined, nth: string): DayRule | undefined {
  if (weekday === undefined) return undefined;
  const index = nth.startsWith('#') ? Number(nth.slice(1)) - 1 : -1;
  return (month) => [daysOn(weekday)(month).at(index)].filter((day) => day !== undefined);
}

const daysOn =
  (weekday: number): DayRule =>
  ({ length, firstWeekday }) => {
    const first = 1 + ((weekday - firstWeekday + WEEK) % WEEK);
    return span(first, length, WEEK);
  };

/** All values a field names, ascending; undefined when it names none or one that is out of range. */
function valuesOf(field: string, range: Range): readonly number[] | undefined {
  const items = field.split(',').map((item) => itemValues(item, range));
  const known = items.filter((item) => item !== undefined);
  return known.length < items.length ? undefined : ascending(known.flat());
}

function itemValues(item: string, range: Range): readonly number[] | undefined {
  const [, left = '', , stepText] = /^([^/]*)(\/(\d{1,2}))?$/.exec(item) ?? [];
  const step = stepText === undefined ? undefined : Number(stepText);
  if (step === 0 || (left === '' && step === undefined)) return undefined;
  const [from, to, ...rest] = left === '*' || left === '' ? [range.min, range.max] : ends(left, range);
  if (from === undefined || rest.length > 0) return undefined;
  const last = to ?? (step === undefined ? from : range.max);
  return last < from ? undefined : span(from, last, step ?? 1);
}

function ends(text: string, range: Range): readonly (number | undefined)[] {
  const values = text.split('-').map((part) => valueNamed(part, range));
  return values.includes(undefined) ? [] : values;
}

function valueNamed(text: string, { min, max, names }: Range): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return min + named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? value : undefined;
}

const span = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

const ascending = (values: readonly number[]): readonly number[] =>
  [...new Set(values)].sort((a, b) => a - b);
