import { type Instant, instant, MINUTE } from '../../../../calendar/instant.ts';
import type { Window } from '../../../../calendar/rotation-schedule.ts';

/** The hours in which people work, in their own zone. */
export interface BusinessHours {
  /** Days of the week, 0 for Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight. */
  readonly from: number;
  /** Minutes after midnight, no longer part of the hours. */
  readonly to: number;
  /** Name of the IANA time zone database, such as `Europe/Berlin`. */
  readonly zone: string;
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const WEEK = 7;
/** Windows open on the hour, and zones differ from UTC by quarters of one. */
const STEP_MS: number = 15 * MINUTE;

/** Reads hours such as `MON-FRI 08:00-18:00 Europe/Berlin`; undefined for any other text or an unknown zone. */
export function parseBusinessHours(text: string): BusinessHours | undefined {
  const [, first = '', last = first, fromHour, fromMinute, toHour, toMinute, zone = ''] =
    /^([A-Z]{3})(?:-([A-Z]{3}))? (\d{2}):(\d{2})-(\d{2}):(\d{2}) ([\w+/-]{1,64})$/i.exec(text.trim()) ?? [];
  const [begin, end] = [first, last].map((day) => DAYS.indexOf(day.toUpperCase()));
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  const areTimes = from < to && to <= 24 * 60;
  if (begin === undefined || end === undefined || begin < 0 || end < 0 || !areTimes || !isZone(zone)) {
    return undefined;
  }
  const length = ((end - begin + WEEK) % WEEK) + 1;
  return { days: Array.from({ length }, (_, index) => (begin + index) % WEEK), from, to, zone };
}

/**
 * Zones that are known: to make the first format takes a process as long as to load an SDK client. Every function reads
 * the default, which is UTC, at its start, and only audits use it.
 */
const zones = new Map<string, boolean>([['UTC', true]]);

function isZone(timeZone: string): boolean {
  const known = zones.get(timeZone) ?? canFormat(timeZone);
  zones.set(timeZone, known);
  return known;
}

function canFormat(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Answers whether a window touches business hours; remembers each quarter of an hour, since windows of fleets coincide. */
export function businessHoursTest(hours: BusinessHours): (window: Window) => boolean {
  const known = new Map<number, boolean>();
  let format: Intl.DateTimeFormat | undefined;
  const isWithin = (at: number): boolean => {
    format ??= formatIn(hours.zone);
    const answer = known.get(at) ?? isBusinessTime(format, hours, instant(at));
    known.set(at, answer);
    return answer;
  };
  return ({ opensAt, closesAt }) => {
    for (let at = Math.floor(opensAt / STEP_MS) * STEP_MS; at < closesAt; at += STEP_MS) {
      if (isWithin(at)) return true;
    }
    return false;
  };
}

const formatIn = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });

function isBusinessTime(
  format: Intl.DateTimeFormat,
  { days, from, to }: BusinessHours,
  at: Instant,
): boolean {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const minutes = Number(parts['hour']) * 60 + Number(parts['minute']);
  const day = DAYS.indexOf((parts['weekday'] ?? '').toUpperCase());
  return days.includes(day) && minutes >= from && minutes < to;
}
