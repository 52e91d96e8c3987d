import { type AttributeValue, type Item, orderOf, sameValue } from '../values/attribute-value.ts';
import { beginsWith } from './condition.ts';
import type { Operand } from './operand.ts';
import type { Placeholders } from './placeholders.ts';
import { type Comparison, type Condition, readCondition } from './read-condition.ts';
import { ExpressionError } from './tokens.ts';

/** A query's condition on one attribute of the key. */
export interface KeyCondition {
  readonly attribute: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with';
  /** One value; two of BETWEEN. */
  readonly values: readonly AttributeValue[];
}

const TURNED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * Reads the condition of a query; fails with an ExpressionError.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export function readKeyConditions(expression: string, placeholders: Placeholders): readonly KeyCondition[] {
  const conditions = partsOf(readCondition(expression, placeholders)).map(keyCondition);
  const names = new Set(conditions.map(({ attribute }) => attribute));
  if (names.size === conditions.length) return conditions;
  throw new BareError('KeyConditionExpressions must only contain one condition per key');
}

/** Faults that DynamoDB reports without naming the expression. */
export class BareError extends ExpressionError {}

function partsOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? [...partsOf(condition.left), ...partsOf(condition.right)] : [condition];
}

function keyCondition(condition: Condition): KeyCondition {
  if (condition.kind === 'compare' && condition.operator !== '<>') return comparison(condition);
  if (condition.kind === 'between') {
    const values = [condition.low, condition.high].map(comparedValue);
    return { attribute: nameOf('BETWEEN', condition.of), operator: 'BETWEEN', values };
  }
  if (condition.kind === 'call' && condition.name === 'begins_with') {
    const attribute = nameOf('begins_with', condition.of);
    return { attribute, operator: 'begins_with', values: [comparedValue(condition.argument)] };
  }
  throw new BareError(`Invalid operator used in KeyConditionExpression: ${operatorOf(condition)}`);
}

function operatorOf(condition: Condition): string {
  if (condition.kind === 'call') return condition.name;
  return condition.kind === 'compare' ? condition.operator : condition.kind.toUpperCase();
}

function comparison({ operator, left, right }: Comparison): KeyCondition {
  const [named, other] = left.kind === 'value' ? [right, left] : [left, right];
  if (other.kind === 'path') {
    throw new BareError(
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    );
  }
  const turned = named === left ? operator : (TURNED[operator] ?? operator);
  return {
    attribute: nameOf(operator, named),
    operator: turned as KeyCondition['operator'],
    values: [comparedValue(other)],
  };
}

function nameOf(operator: string, operand: Operand): string {
  if (operand.kind === 'size')
    throw new BareError('KeyConditionExpressions cannot contain nested operations');
  if (operand.kind === 'value') {
    throw new BareError(
      operator === 'BETWEEN' || operator === 'begins_with'
        ? `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`
        : 'Invalid condition in KeyConditionExpression: No key attribute specified',
    );
  }
  if (operand.path.length === 1) return operand.path[0];
  throw new BareError('KeyConditionExpressions cannot have conditions on nested attributes');
}

function comparedValue(operand: Operand): AttributeValue {
  if (operand.kind === 'value') return operand.value;
  throw new BareError(
    operand.kind === 'size'
      ? 'KeyConditionExpressions cannot contain nested operations'
      : 'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
  );
}

/** Whether an item's attribute is as the query asks. */
export function meets({ attribute, operator, values: [first, second] }: KeyCondition, item: Item): boolean {
  const value = item[attribute];
  if (value === undefined || first === undefined) return false;
  if (operator === '=') return sameValue(value, first);
  if (operator === 'begins_with') return beginsWith(value, first);
  const order = orderOf(value, first);
  if (order === undefined) return false;
  if (operator === 'BETWEEN') return order >= 0 && second !== undefined && (orderOf(value, second) ?? 1) <= 0;
  if (operator.endsWith('=') && order === 0) return true;
  return operator.startsWith('<') ? order < 0 : order > 0;
}
