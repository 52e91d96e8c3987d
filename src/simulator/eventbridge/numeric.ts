import { invalidPattern } from './pattern-error.ts';

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
export function numericMatcher(argument: unknown): (value: unknown) => boolean {
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
