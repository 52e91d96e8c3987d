import { type AttributeType, orderOf } from '../values/attribute-value.ts';
import {
  mustBeDistinct,
  mustHaveType,
  noSuchFunction,
  type Operand,
  readArguments,
  readOperand,
  wrongCount,
} from './operand.ts';
import type { Path } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { ExpressionError, Tokens } from './tokens.ts';

/** A condition, read. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | Comparison
  | { readonly kind: 'between'; readonly of: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly of: Operand; readonly among: readonly Operand[] }
  | Call;

/** Two operands and what stands between them. */
export interface Comparison {
  readonly kind: 'compare';
  readonly operator: string;
  readonly left: Operand;
  readonly right: Operand;
}

/** A function that is true or false. */
export type Call = { readonly kind: 'call' } & (
  | { readonly name: 'attribute_exists'; readonly of: Path }
  | { readonly name: 'attribute_not_exists'; readonly of: Path }
  | { readonly name: 'attribute_type'; readonly of: Path; readonly type: AttributeType }
  | { readonly name: 'begins_with' | 'contains'; readonly of: Operand; readonly argument: Operand }
);

const ORDERED: readonly AttributeType[] = ['S', 'N', 'B'];
const TYPES: readonly AttributeType[] = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];
const OPERATORS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];
/** Most values behind IN. */
const MAX_AMONG = 100;

/** Reads a condition; fails with an ExpressionError. */
export function readCondition(expression: string, placeholders: Placeholders): Condition {
  const tokens = new Tokens(expression);
  const condition = new ConditionReader(tokens, placeholders).either();
  tokens.end();
  return condition;
}

/** Reads by recursive descent: OR binds least, then AND, then NOT. */
class ConditionReader {
  readonly #tokens: Tokens;
  readonly #placeholders: Placeholders;

  constructor(tokens: Tokens, placeholders: Placeholders) {
    this.#tokens = tokens;
    this.#placeholders = placeholders;
  }

  either(): Condition {
    let left = this.#both();
    while (this.#tokens.take('OR')) left = { kind: 'or', left, right: this.#both() };
    return left;
  }

  #both(): Condition {
    let left = this.#negated();
    while (this.#tokens.take('AND')) left = { kind: 'and', left, right: this.#negated() };
    return left;
  }

  #negated(): Condition {
    return this.#tokens.take('NOT') ? { kind: 'not', of: this.#negated() } : this.#simple();
  }

  #simple(): Condition {
    if (this.#tokens.peek().text === '(') return this.#grouped();
    const { kind, text } = this.#tokens.peek();
    const isCall = kind === 'name' && text !== 'size' && this.#tokens.peek(1).text === '(';
    return isCall ? this.#call(text) : this.#compared(readOperand(this.#tokens, this.#placeholders));
  }

  #grouped(): Condition {
    this.#tokens.expect('(');
    const isGroup = this.#tokens.peek().text === '(';
    const condition = this.either();
    const isRedundant = isGroup && this.#tokens.peek(-1).text === ')' && isAtom(condition);
    this.#tokens.expect(')');
    if (isRedundant) throw new ExpressionError('The expression has redundant parentheses;');
    return condition;
  }

  #compared(left: Operand): Condition {
    if (this.#tokens.take('BETWEEN')) return this.#between(left);
    if (this.#tokens.take('IN')) return this.#among(left);
    const operator = this.#tokens.peek().text;
    if (!OPERATORS.includes(operator)) throw this.#tokens.fault();
    this.#tokens.next();
    const right = readOperand(this.#tokens, this.#placeholders);
    if (operator !== '=' && operator !== '<>') {
      for (const operand of [left, right]) mustHaveType(operator, operand, ORDERED);
    }
    mustBeDistinct(operator, left, [right]);
    return { kind: 'compare', operator, left, right };
  }

  #between(of: Operand): Condition {
    const low = readOperand(this.#tokens, this.#placeholders);
    this.#tokens.expect('AND');
    const high = readOperand(this.#tokens, this.#placeholders);
    for (const operand of [of, low, high]) mustHaveType('BETWEEN', operand, ORDERED);
    mustBeDistinct('BETWEEN', of, [low, high]);
    mustBeRange(low, high);
    return { kind: 'between', of, low, high };
  }

  #among(of: Operand): Condition {
    this.#tokens.expect('(');
    const among = [readOperand(this.#tokens, this.#placeholders)];
    while (this.#tokens.take(',')) among.push(readOperand(this.#tokens, this.#placeholders));
    this.#tokens.expect(')');
    if (among.length > MAX_AMONG) throw wrongCount('IN', among.length + 1);
    mustBeDistinct('IN', of, among);
    return { kind: 'in', of, among };
  }

  #call(name: string): Condition {
    if (!isFunction(name)) throw noSuchFunction(name);
    const operands = readArguments(this.#tokens, this.#placeholders);
    const [of, argument, ...others] = operands;
    const wanted = name.startsWith('attribute_') && name !== 'attribute_type' ? 1 : 2;
    if (of === undefined || operands.length !== wanted || others.length > 0)
      throw wrongCount(name, operands.length);
    if (name === 'begins_with' || name === 'contains') return matching(name, of, argument ?? of);
    if (of.kind !== 'path') {
      throw new ExpressionError(
        `Operator or function requires a document path; operator or function: ${name}`,
      );
    }
    if (name !== 'attribute_type') return { kind: 'call', name, of: of.path };
    return { kind: 'call', name, of: of.path, type: typeNamed(argument) };
  }
}

const isFunction = (name: string): name is Call['name'] =>
  ['attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains'].includes(name);

/** Whether a condition needs no parentheses of its own. */
const isAtom = ({ kind }: Condition): boolean => kind !== 'and' && kind !== 'or';

function matching(name: 'begins_with' | 'contains', of: Operand, argument: Operand): Condition {
  if (name === 'begins_with') {
    for (const operand of [of, argument]) mustHaveType(name, operand, ['S', 'B']);
  }
  mustBeDistinct(name, of, [argument]);
  return { kind: 'call', name, of, argument };
}

function typeNamed(operand: Operand | undefined): AttributeType {
  const value = operand?.kind === 'value' ? operand.value : undefined;
  if (operand === undefined || value === undefined) {
    throw new ExpressionError(
      'Invalid operand type for operator or function; operator or function: attribute_type',
    );
  }
  mustHaveType('attribute_type', operand, ['S']);
  const found = TYPES.find((type) => 'S' in value && value.S === type);
  if (found !== undefined) return found;
  throw new ExpressionError(
    `Invalid attribute type name found; type: ${'S' in value ? value.S : ''}, valid types: {${TYPES.join(',')}}`,
  );
}

function mustBeRange(low: Operand, high: Operand): void {
  if (low.kind !== 'value' || high.kind !== 'value') return;
  const order = orderOf(low.value, high.value);
  if (order === undefined) {
    throw new ExpressionError(
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue, upper bound operand: AttributeValue',
    );
  }
  if (order <= 0) return;
  const [lower, upper] = [low.value, high.value].map((value) => JSON.stringify(value).replaceAll('"', ''));
  throw new ExpressionError(
    `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: ${lower}, upper bound operand: AttributeValue: ${upper}`,
  );
}
