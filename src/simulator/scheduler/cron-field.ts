/** The values a field may have. */
export interface FieldRange {
  readonly min: number;
  readonly max: number;
  /** Names of the values, the first one standing for `min`. */
  readonly names: readonly string[];
}

/** Minutes of an hour. */
export const MINUTES: FieldRange = { min: 0, max: 59, names: [] };
/** Hours of a day. */
export const HOURS: FieldRange = { min: 0, max: 23, names: [] };
/** Days of a month. */
export const DAYS: FieldRange = { min: 1, max: 31, names: [] };
/** Months of a year. */
export const MONTHS: FieldRange = {
  min: 1,
  max: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
/** Days of a week, which begins on Sunday. */
export const WEEKDAYS: FieldRange = {
  min: 1,
  max: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};
/** Years that Scheduler knows. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
export const YEARS: FieldRange = { min: 1970, max: 2199, names: [] };

/** All values that a field names with numbers, names, `,`, `-`, `*` and `/`, ascending; undefined when one is out of range. */
export function fieldValues(field: string, range: FieldRange): readonly number[] | undefined {
  const items = field.split(',').map((item) => itemValues(item, range));
  const known = items.filter((item) => item !== undefined);
  return known.length < items.length ? undefined : [...new Set(known.flat())].sort((a, b) => a - b);
}

/** The one value that a number or name means; undefined when it is none of the range. */
export function fieldValue(text: string, { min, max, names }: FieldRange): number | undefined {
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
