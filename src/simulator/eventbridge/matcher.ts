import { insideCidr } from './cidr.ts';
import { numericMatcher } from './numeric.ts';
import { invalidPattern } from './pattern-error.ts';
import { matchesWildcard } from './wildcard.ts';

/** A value without parts. */
export type Scalar = string | number | boolean | null;

/** A test of one value of an event. */
export type Matcher = (value: Scalar) => boolean;

/** A test that holds when the event has no value at the place. */
export const ABSENT = 'absent';

/** One entry of the list of values that a pattern gives a field; fails when it is not one. */
export function matcher(entry: unknown): Matcher | typeof ABSENT {
  if (isScalar(entry)) return (value) => value === entry;
  const [operator, argument] = onlyMember(entry, 'Match value must be String, number, true, false, or null');
  if (operator === 'exists') return existence(argument);
  const make = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (make === undefined) throw invalidPattern(`Unrecognized match type ${operator}`);
  return make(argument);
}

/** Every operator but `exists`, with what it makes of its argument. */
const OPERATORS: Readonly<Record<string, (argument: unknown) => Matcher>> = {
  'anything-but': (argument) => anythingBut(argument),
  cidr: (argument) => onText(insideCidr(text('cidr', argument))),
  'equals-ignore-case': (argument) => onText(ignoringCase(equals)(text('equals-ignore-case', argument))),
  exactly: (argument) => onText(equals(text('exact', argument))),
  numeric: (argument) => numericMatcher(argument),
  prefix: (argument) => onText(affix('prefix', startsWith, argument)),
  suffix: (argument) => onText(affix('suffix', endsWith, argument)),
  wildcard: (argument) => onText(matchesWildcard(text('wildcard', argument))),
};

type TextTest = (wanted: string) => (found: string) => boolean;

const equals: TextTest = (wanted) => (found) => found === wanted;
const startsWith: TextTest = (wanted) => (found) => found.startsWith(wanted);
const endsWith: TextTest = (wanted) => (found) => found.endsWith(wanted);
const ignoringCase =
  (test: TextTest): TextTest =>
  (wanted) => {
    const inLower = test(wanted.toLowerCase());
    return (found) => inLower(found.toLowerCase());
  };

const onText =
  (test: (found: string) => boolean): Matcher =>
  (value) =>
    typeof value === 'string' && test(value);

function affix(name: string, test: TextTest, argument: unknown): (found: string) => boolean {
  if (typeof argument === 'string') return test(argument);
  const [operator, wanted] = onlyMember(argument, `${name} match pattern must be a string`);
  if (operator !== 'equals-ignore-case') throw invalidPattern(`Unsupported ${name} pattern: ${operator}`);
  return ignoringCase(test)(text(name, wanted));
}

function existence(argument: unknown): Matcher | typeof ABSENT {
  if (typeof argument !== 'boolean')
    throw invalidPattern('exists match pattern must be either true or false.');
  return argument ? () => true : ABSENT;
}

/** The tests that `anything-but` can turn round. */
const NEGATABLE: Readonly<Record<string, TextTest>> = {
  'equals-ignore-case': ignoringCase(equals),
  prefix: startsWith,
  suffix: endsWith,
  wildcard: matchesWildcard,
};

function anythingBut(argument: unknown): Matcher {
  if (typeof argument === 'object' && argument !== null && !Array.isArray(argument)) {
    const [operator, wanted] = onlyMember(argument, 'Anything-But expression name not found');
    const test = Object.hasOwn(NEGATABLE, operator) ? NEGATABLE[operator] : undefined;
    if (test === undefined) throw invalidPattern(`Unsupported anything-but pattern: ${operator}`);
    const tests = texts(operator, wanted).map(test);
    return (value) => typeof value !== 'string' || !tests.some((holds) => holds(value));
  }
  const refused = new Set<unknown>(sameKind(Array.isArray(argument) ? argument : [argument]));
  return (value) => !refused.has(value);
}

function texts(operator: string, argument: unknown): readonly string[] {
  const wanted = (Array.isArray(argument) ? argument : [argument]).map((item) => text(operator, item));
  if (wanted.length === 0) throw invalidPattern('Empty arrays are not allowed');
  if (operator !== 'equals-ignore-case' && wanted.includes('')) {
    throw invalidPattern(`Null ${operator} not allowed`);
  }
  return wanted;
}

function sameKind(values: readonly unknown[]): readonly unknown[] {
  if (!values.every((value) => typeof value === 'string' || typeof value === 'number')) {
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.');
  }
  if (new Set(values.map((value) => typeof value)).size !== 1) {
    const reason = 'either all values are number or string, mixed type is not supported';
    throw invalidPattern(`Inside anything but list, ${reason}`);
  }
  return values;
}

function text(operator: string, argument: unknown): string {
  if (typeof argument === 'string') return argument;
  throw invalidPattern(`${operator} match pattern must be a string`);
}

function onlyMember(value: unknown, otherwise: string): readonly [string, unknown] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidPattern(otherwise);
  const [member, ...more] = Object.entries(value);
  if (member === undefined) throw invalidPattern('Match expression name not found');
  if (more.length > 0) throw invalidPattern('Only one key allowed in match expression');
  return member;
}

/** Whether the value has no parts. */
export const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
