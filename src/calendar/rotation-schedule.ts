import { type CalendarMonth, type CronFields, parseCronFields } from './cron-fields.ts';
import { DAY, HOUR, type Instant, instant, later, SECOND } from './instant.ts';
import { plural } from './plural.ts';

/** A stretch of time in which Secrets Manager may rotate a secret at any moment. */
export interface Window {
  readonly opensAt: Instant;
  /** The latest moment of the window, to the second, as NextRotationDate shows it (`…T03:59:59Z`). */
  readonly closesAt: Instant;
}

/** The rotation windows of a secret, in UTC. */
export interface RotationSchedule {
  readonly kind: 'rate' | 'cron' | 'days';
  /** The expression, or `every 30 days`. */
  readonly text: string;
  /** The first window that opens after `after`, which for `rate` and `days` is the previous rotation. */
  next(after: Instant): Window;
}

/** The reason why rotation rules are refused, in one sentence. */
export interface ScheduleFault {
  readonly fault: string;
}

/** Rotation rules as AWS returns them; the expression wins over the days, which are then derived from it. */
export interface ScheduleRules {
  readonly automaticallyAfterDays: number | undefined;
  readonly scheduleExpression: string | undefined;
  readonly duration: string | undefined;
}

const MOST_DAYS = 1000;
const MOST_RATE_DAYS = 999;
const FEWEST_RATE_HOURS = 4;
/** Weekdays fall on the same dates again after 28 years, or 40 across a century that is no leap year. */
const SEARCHED_MONTHS = 41 * 12;

/** Fleets have few schedules, and each secret is asked for its own at every look; what anybody makes up stays bounded. */
const MOST_PARSED = 1000;
const parsed = new Map<string, RotationSchedule | ScheduleFault>();

/**
 * Parses rotation rules into a schedule, refusing what AWS refuses.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html
 */
export function parseRotationSchedule(rules: ScheduleRules): RotationSchedule | ScheduleFault {
  const { automaticallyAfterDays, scheduleExpression, duration } = rules;
  const key = JSON.stringify([String(automaticallyAfterDays), scheduleExpression, duration]);
  const known = parsed.get(key) ?? scheduleOf(rules);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(key, known);
  return known;
}

function scheduleOf(rules: ScheduleRules): RotationSchedule | ScheduleFault {
  const hours = parseWindowHours(rules.duration);
  if (hours === 'invalid') return fault(`Duration "${rules.duration}" must be hours from 1h to 24h`);
  if (rules.scheduleExpression !== undefined) return expressionSchedule(rules.scheduleExpression, hours);
  const days = rules.automaticallyAfterDays;
  if (days === undefined)
    return fault('Rotation rules must have AutomaticallyAfterDays or ScheduleExpression');
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    return fault(`AutomaticallyAfterDays must be from 1 to ${MOST_DAYS}: it is ${days}`);
  }
  return everyDays('days', `every ${plural(days, 'day')}`, days, hours);
}

const fault = (text: string): ScheduleFault => ({ fault: text });

function parseWindowHours(duration: string | undefined): number | undefined | 'invalid' {
  if (duration === undefined) return undefined;
  const hours = /^\d{1,2}h$/.test(duration) ? Number.parseInt(duration, 10) : 0;
  return hours >= 1 && hours <= 24 ? hours : 'invalid';
}

function expressionSchedule(text: string, windowHours: number | undefined): RotationSchedule | ScheduleFault {
  const [, kind, inner = ''] = /^(rate|cron)\(([^()]{1,250})\)$/.exec(text.trim()) ?? [];
  if (kind === 'rate') return rateSchedule(text, inner, windowHours);
  if (kind === 'cron') return cronSchedule(text, inner, windowHours);
  return fault(`Schedule expression "${text}" must be rate(…) or cron(…)`);
}

function rateSchedule(text: string, inner: string, windowHours: number | undefined) {
  const [, digits, unit] = /^\s*(\d{1,5}) +(hour|day)s?\s*$/.exec(inner) ?? [];
  const amount = Number(digits);
  if (unit === 'day') {
    if (amount >= 1 && amount <= MOST_RATE_DAYS) return everyDays('rate', text, amount, windowHours);
    return fault(`Schedule expression "${text}" must have 1 to ${MOST_RATE_DAYS} days`);
  }
  if (unit !== 'hour') return fault(`Schedule expression "${text}" must have hours or days`);
  if (amount < FEWEST_RATE_HOURS || amount > MOST_RATE_DAYS * 24) {
    return fault(`Schedule expression "${text}" must be at least 4 hours and at most ${MOST_RATE_DAYS} days`);
  }
  if ((windowHours ?? 1) > amount) return fault('The rotation window must not run into the next one');
  return everyHours(text, amount, windowHours ?? 1);
}

function everyHours(text: string, hours: number, windowHours: number): RotationSchedule {
  const next = (after: Instant) => window(later(startOf(after, HOUR), hours * HOUR), windowHours);
  return { kind: 'rate', text, next };
}

function everyDays(kind: 'rate' | 'days', text: string, days: number, windowHours = 24): RotationSchedule {
  return { kind, text, next: (after) => window(later(startOf(after, DAY), days * DAY), windowHours) };
}

function cronSchedule(text: string, inner: string, windowHours: number | undefined) {
  const fields = parseCronFields(inner);
  if ('fault' in fields) return fault(`Schedule expression "${text}" ${fields.fault}`);
  const inDays = fields.hours.length === 1;
  if (
    windowHours !== undefined &&
    fields.hours.some((hour, at) => hour + windowHours > nextHour(fields, at))
  ) {
    return fault('The rotation window must not run into the next one or the next UTC day');
  }
  if (nextOpening(fields, instant(0)) === undefined) {
    return fault(`Schedule expression "${text}" must name a day that exists`);
  }
  const next = (after: Instant): Window => {
    const opensAt = nextOpening(fields, after);
    if (opensAt === undefined) throw new RangeError(`Cannot find a window of "${text}" after ${after}`);
    return window(opensAt, windowHours ?? (inDays ? 24 : 1));
  };
  return { kind: 'cron', text, next } as const;
}

const nextHour = ({ hours }: CronFields, index: number): number => hours[index + 1] ?? 24;

function nextOpening(fields: CronFields, after: Instant): Instant | undefined {
  const from = new Date(after);
  for (let ahead = 0; ahead <= SEARCHED_MONTHS; ahead++) {
    const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + ahead, 1);
    const opening = fields
      .daysOf(calendarMonth(first))
      .flatMap((day) => fields.hours.map((hour) => first + (day - 1) * DAY + hour * HOUR))
      .find((at) => at > after);
    if (opening !== undefined) return instant(opening);
  }
  return undefined;
}

function calendarMonth(first: number): CalendarMonth {
  const date = new Date(first);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { number: date.getUTCMonth() + 1, length, firstWeekday: date.getUTCDay() + 1 };
}

/** A window that never leaves the UTC day it opens in. */
function window(opensAt: Instant, hours: number): Window {
  const end = Math.min(opensAt + hours * HOUR, startOf(opensAt, DAY) + DAY);
  return { opensAt, closesAt: instant(end - SECOND) };
}

const startOf = (at: Instant, unit: number): Instant => instant(Math.floor(at / unit) * unit);
