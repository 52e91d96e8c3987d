/** No text from outside needs more: names and ARNs have at most 2,048 characters, tags 256. */
const LONGEST = 4096;

/** Characters that begin a new line somewhere, and the tab. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;

/**
 * Invisible characters that steer a display: control characters, marks that reverse the direction of text, characters
 * without a width, halves of characters.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * The gate that text from outside passes before anybody is shown it: one line of at most `longest` characters without
 * any that is not seen. It does not escape: that differs by channel.
 */
export function shownLine(text: string, longest: number = LONGEST): string {
  const line = text.replaceAll(BREAKS, ' ').replaceAll(UNSEEN, '');
  if (line.length <= longest) return line;
  return `${line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A value with every text in it passed through {@link shownLine}; the value itself where there was nothing to do. */
export function shown<T>(value: T): T {
  if (typeof value === 'string') return shownLine(value) as T & string;
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, each, shown<unknown>(each)] as const);
  if (entries.every(([, before, after]) => before === after)) return value;
  const after = entries.map(([key, , each]) => [key, each] as const);
  return (Array.isArray(value) ? after.map(([, each]) => each) : Object.fromEntries(after)) as T;
}
