/** Longest text taken from an event; a secret ARN has at most 2,048 characters. */
const LONGEST_TEXT = 2048;

/** Returns the part of a parsed JSON value at a path; undefined where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

/** The text at a path; undefined when there is none, or one that is empty or longer than `longest`. */
export function textAt(
  value: unknown,
  path: readonly (string | number)[],
  longest: number = LONGEST_TEXT,
): string | undefined {
  const text = at(value, ...path);
  return typeof text === 'string' && text !== '' && text.length <= longest ? text : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string | number, unknown>> =>
  typeof value === 'object' && value !== null;
