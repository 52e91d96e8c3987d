import {
  type AttributeValue,
  type Item,
  membersOf,
  orderOf,
  sameValue,
  scalarOf,
  typeOf,
} from '../values/attribute-value.ts';
import { resolve } from './operand.ts';
import { valueAt } from './path.ts';
import type { Call, Comparison, Condition } from './read-condition.ts';

/** Whether a condition holds for an item; for the empty one where there is none. */
export function holds(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.of, item);
    case 'compare':
      return compares(condition, item);
    case 'between': {
      const [value, low, high] = [condition.of, condition.low, condition.high].map((operand) =>
        resolve(operand, item),
      );
      return isOrdered(low, value) && isOrdered(value, high);
    }
    case 'in': {
      const value = resolve(condition.of, item);
      return condition.among.some((operand) => isSame(value, resolve(operand, item)));
    }
    case 'call':
      return answers(condition, item);
  }
}

function compares({ operator, left, right }: Comparison, item: Item): boolean {
  const [one, two] = [resolve(left, item), resolve(right, item)];
  if (operator === '=') return isSame(one, two);
  if (operator === '<>') return !isSame(one, two);
  const order = one === undefined || two === undefined ? undefined : orderOf(one, two);
  if (order === undefined) return false;
  return (operator.includes('=') && order === 0) || (operator.startsWith('<') ? order < 0 : order > 0);
}

const isSame = (one: AttributeValue | undefined, two: AttributeValue | undefined): boolean =>
  one !== undefined && two !== undefined && sameValue(one, two);

const isOrdered = (low: AttributeValue | undefined, high: AttributeValue | undefined): boolean =>
  low !== undefined && high !== undefined && (orderOf(low, high) ?? 1) <= 0;

function answers(call: Call, item: Item): boolean {
  switch (call.name) {
    case 'attribute_exists':
      return valueAt(item, call.of) !== undefined;
    case 'attribute_not_exists':
      return valueAt(item, call.of) === undefined;
    case 'attribute_type': {
      const value = valueAt(item, call.of);
      return value !== undefined && typeOf(value) === call.type;
    }
    default: {
      const [value, argument] = [resolve(call.of, item), resolve(call.argument, item)];
      if (value === undefined || argument === undefined) return false;
      return call.name === 'begins_with' ? beginsWith(value, argument) : contains(value, argument);
    }
  }
}

/** Whether text or binary begins with another of its type. */
export function beginsWith(value: AttributeValue, start: AttributeValue): boolean {
  if ('S' in value && 'S' in start) return value.S.startsWith(start.S);
  if (!('B' in value && 'B' in start)) return false;
  const wanted = Buffer.from(start.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, wanted.length).equals(wanted);
}

function contains(value: AttributeValue, part: AttributeValue): boolean {
  if ('S' in value && 'S' in part) return value.S.includes(part.S);
  if ('B' in value && 'B' in part)
    return Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  if ('L' in value) return value.L.some((element) => sameValue(element, part));
  const member = scalarOf(part);
  return (
    member !== undefined &&
    typeOf(value) === `${typeOf(part)}S` &&
    membersOf(value)?.includes(member) === true
  );
}
