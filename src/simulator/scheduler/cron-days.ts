import { DAYS, fieldValue, fieldValues, WEEKDAYS } from './cron-field.ts';

/** A month as a day field sees it: how long it is and on which weekday (1 = Sunday) it begins. */
export interface CalendarMonth {
  readonly length: number;
  readonly firstWeekday: number;
}

/** The days of a month that a day field names, in any order; some may lie beyond the month. */
export type DayRule = (month: CalendarMonth) => readonly number[];

const WEEK = 7;
const SATURDAY = 7;
const SUNDAY = 1;

/**
 * The rule of the two day fields, exactly one of which is `?`; undefined when they make none. `L` is the last day,
 * `W` the weekday next to a day, `#` the n-th of a weekday.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function dayRule(dayOfMonth: string, dayOfWeek: string): DayRule | undefined {
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
