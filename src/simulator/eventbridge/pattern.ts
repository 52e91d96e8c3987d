import { ABSENT, isScalar, type Matcher, matcher } from './matcher.ts';
import { invalidPattern } from './pattern-error.ts';

/** Longest text of an event pattern, in characters. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
const MAX_PATTERN_LENGTH = 4096;

/**
 * An event pattern, ready to be matched. Matching follows Event Ruler, the matcher of EventBridge:
 * https://github.com/aws/event-ruler. Numbers match by value, and keys with dots are plain keys.
 */
export interface EventPattern {
  readonly fields: readonly (readonly [string, EventPattern | Leaf])[];
  /** Each `$or`: one of its patterns must match at this place. */
  readonly alternatives: readonly (readonly EventPattern[])[];
}

interface Leaf {
  readonly path: readonly string[];
  readonly matchers: readonly Matcher[];
  /** Whether `{"exists": false}` is among the values. */
  readonly mayBeAbsent: boolean;
}

/** Reads an event pattern; fails with InvalidEventPatternException. */
export function compilePattern(text: string): EventPattern {
  if (text.length > MAX_PATTERN_LENGTH) {
    throw invalidPattern(`The event pattern has more than ${MAX_PATTERN_LENGTH} characters`);
  }
  return compileObject(parse(text), [], 'outside-or');
}

/** Whether `event` matches. */
export const matchesPattern = (pattern: EventPattern, event: unknown): boolean =>
  holds(pattern, event, event);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidPattern('The event pattern is not valid JSON');
  }
}

type Where = 'outside-or' | 'inside-or';

/** Names that mean something to Event Ruler and so cannot be fields inside `$or`. */
const RESERVED: ReadonlySet<string> = new Set(
  'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex'.split(
    ' ',
  ),
);

function compileObject(value: unknown, path: readonly string[], where: Where): EventPattern {
  if (!isObject(value)) throw invalidPattern('Filter is not an object');
  const members = Object.entries(value);
  if (members.length === 0) throw invalidPattern('Empty objects are not allowed');
  const reserved = where === 'inside-or' ? members.find(([key]) => RESERVED.has(key)) : undefined;
  if (reserved !== undefined) {
    throw invalidPattern(`${reserved[0]} is Ruler reserved fieldName which cannot be used inside $or.`);
  }
  return {
    fields: members
      .filter(([key]) => key !== '$or')
      .map(([key, member]) => [key, compileField(key, member, [...path, key], where)] as const),
    alternatives: members.filter(([key]) => key === '$or').map(([, member]) => compileOr(member, path)),
  };
}

function compileField(
  key: string,
  value: unknown,
  path: readonly string[],
  where: Where,
): EventPattern | Leaf {
  if (isObject(value)) return compileObject(value, path, where);
  if (!Array.isArray(value)) throw invalidPattern(`"${key}" must be an object or an array`);
  if (value.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const entries = value.map(matcher);
  return {
    path,
    matchers: entries.filter((entry) => entry !== ABSENT),
    mayBeAbsent: entries.includes(ABSENT),
  };
}

function compileOr(value: unknown, path: readonly string[]): readonly EventPattern[] {
  if (!Array.isArray(value)) throw invalidPattern('It must be an Array followed with $or.');
  if (!value.every(isObject))
    throw invalidPattern('Only JSON object is allowed in array of $or relationship.');
  if (value.length < 2) throw invalidPattern('There must have at least 2 Objects in $or relationship.');
  return value.map((branch) => compileObject(branch, path, 'inside-or'));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether a value satisfies a pattern. One element of an array must satisfy the whole pattern; a value that is no
 * object satisfies only patterns of absence. `root` is the whole event: absence is asked of it and not of single
 * elements.
 */
function holds(pattern: EventPattern, value: unknown, root: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some((element) => holds(pattern, element, root)) || holds(pattern, undefined, root);
  }
  return (
    pattern.fields.every(([key, field]) => fieldHolds(field, member(value, key), root)) &&
    pattern.alternatives.every((branches) => branches.some((branch) => holds(branch, value, root)))
  );
}

function fieldHolds(field: EventPattern | Leaf, value: unknown, root: unknown): boolean {
  if ('fields' in field) return holds(field, value, root);
  return someScalar(value, field.matchers) || (field.mayBeAbsent && !hasScalarAt(root, field.path));
}

function someScalar(value: unknown, matchers: readonly Matcher[]): boolean {
  if (Array.isArray(value)) return value.some((element) => someScalar(element, matchers));
  return isScalar(value) && matchers.some((matches) => matches(value));
}

function hasScalarAt(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (Array.isArray(value)) {
    return value.some((element) => hasScalarAt(element, key === undefined ? [] : [key, ...rest]));
  }
  return key === undefined ? isScalar(value) : hasScalarAt(member(value, key), rest);
}

const member = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
