/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly instant: unique symbol };

/** One second, in milliseconds. */
export const SECOND = 1000;
/** One minute, in milliseconds. */
export const MINUTE: number = 60 * SECOND;
/** One hour, in milliseconds. */
export const HOUR: number = 60 * MINUTE;
/** One day, in milliseconds. */
export const DAY: number = 24 * HOUR;

/** The instant that lies `epochMs` milliseconds after the epoch; throws a RangeError when that is not a time. */
export function instant(epochMs: number): Instant {
  if (!Number.isFinite(epochMs) || Math.abs(epochMs) > 8.64e15) {
    throw new RangeError(`Cannot make an instant of ${epochMs}: it must be milliseconds within ±8.64e15`);
  }
  return epochMs as Instant;
}

/** The instant `ms` milliseconds later (earlier when negative). */
export const later = (at: Instant, ms: number): Instant => instant(at + ms);

/** The instant an ISO 8601 text with a date, a time and a zone names; undefined when it names none. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : instant(epochMs);
}

/** The beginning of the second that an instant lies in: events of AWS name whole seconds. */
export const wholeSecond = (at: Instant): Instant => instant(Math.floor(at / SECOND) * SECOND);

/** ISO 8601 in UTC, in whole seconds as AWS and people write times: `2026-11-21T10:00:00Z`. */
export const formatInstant = (at: Instant): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');

const UNITS = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const;

/** Milliseconds named by a short duration such as `90s`, `30m`, `2h` or `7d`; undefined when it names none. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  return Number(digits) * UNITS[unit as keyof typeof UNITS];
}

/** A duration for people, in its two largest units: `45 s`, `12 min`, `3 h 5 min`, `876 d 4 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined([hours, 'h'], [minutes % 60, 'min']);
  return joined([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

function joined(...parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}
