import { BlockList, isIP } from 'node:net';
import { invalidPattern } from './pattern-error.ts';

/**
 * A test for texts of the form `pattern`, in which `*` stands for any text and a backslash takes the next
 * `*` or backslash literally. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
function matchesWildcard(pattern: string): (text: string) => boolean {
  const literals = split(pattern);
  const [first = '', ...others] = literals;
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const literal of others) {
      const found = text.indexOf(literal, at);
      if (found < 0) return false;
      at = found + literal.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}

/** The literal texts between the wildcards. */
function split(pattern: string): readonly string[] {
  const literals: string[] = [];
  let literal = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') {
      if (pattern.charAt(at + 1) === '*')
        throw invalidPattern(`Consecutive wildcard characters at pos ${at}`);
      literals.push(literal);
      literal = '';
    } else if (character === '\\') {
      at += 1;
      literal += escaped(pattern, at);
    } else {
      literal += character;
    }
  }
  return [...literals, literal];
}

function escaped(pattern: string, at: number): string {
  const character = pattern.charAt(at);
  if (character === '*' || character === '\\') return character;
  throw invalidPattern(`Invalid escape character at pos ${at - 1}`);
}

/** Largest amount that numeric matching takes: 5 billion. */
const LIMIT = 5e9;

type Comparison = (found: number, bound: number) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': (found, bound) => found === bound,
  '<': (found, bound) => found < bound,
  '<=': (found, bound) => found <= bound,
  '>': (found, bound) => found > bound,
  '>=': (found, bound) => found >= bound,
};

/** A test for numbers, from `["=", 5]`, `[">", 0]` or `[">=", 0, "<", 5]`; only numbers match. */
function numericMatcher(argument: unknown): (value: unknown) => boolean {
  if (!Array.isArray(argument)) throw invalidPattern('Value of numeric must be an array.');
  const terms: readonly unknown[] = argument;
  const [operator, bound, secondOperator, secondBound, ...rest] = terms;
  const first = comparison(operator, bound);
  if (terms.length <= 2) return (value) => typeof value === 'number' && first(value);
  if (operator !== '>' && operator !== '>=') throw invalidPattern('Too many elements in numeric expression');
  if (secondOperator !== '<' && secondOperator !== '<=') {
    throw invalidPattern(`Bad numeric range operator: ${String(secondOperator)}`);
  }
  const second = comparison(secondOperator, secondBound);
  if (rest.length > 0) throw invalidPattern('Too many terms in numeric range expression');
  if (Number(bound) >= Number(secondBound)) throw invalidPattern('Bottom must be less than top');
  return (value) => typeof value === 'number' && first(value) && second(value);
}

function comparison(operator: unknown, bound: unknown): (found: number) => boolean {
  if (typeof operator !== 'string')
    throw invalidPattern(`Invalid member in numeric match: ${String(operator)}`);
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (compare === undefined) throw invalidPattern(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== 'number') throw invalidPattern(`Value of ${operator} must be numeric`);
  if (Math.abs(bound) > LIMIT) throw invalidPattern('Value must be between -5.0E9 and 5.0E9, inclusive');
  return (found) => compare(found, bound);
}

/** A test for addresses inside an IPv4 or IPv6 block such as `10.0.0.0/8`; fails when `block` is none. */
function insideCidr(block: string): (address: string) => boolean {
  const [network = '', prefix = '', ...rest] = block.split('/');
  const version = isIP(network);
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (version === 0 || prefix === '' || rest.length > 0)
    throw invalidPattern(`Malformed CIDR, one '/' required: "${block}"`);
  const bits = version === 4 ? 32 : 128;
  // A block of a single address is refused, as Event Ruler does: https://github.com/aws/event-ruler
  if (!(length < bits)) throw invalidPattern(`IPv${version} mask bits must be < ${bits}: "${block}"`);
  const list = new BlockList();
  list.addSubnet(network, length, family(version));
  return (address) => isIP(address) === version && list.check(address, family(version));
}

const family = (version: number): 'ipv4' | 'ipv6' => (version === 4 ? 'ipv4' : 'ipv6');

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
