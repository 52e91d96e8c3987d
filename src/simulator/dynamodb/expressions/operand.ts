import { type AttributeType, type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { sizeOf } from '../values/size.ts';
import { type Path, readPath, showPath, valueAt } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { ExpressionError, type Tokens } from './tokens.ts';

/** An operand of a comparison: an attribute, a value of the request, or the size of one. */
export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly of: Operand };

/** Reads an operand of a condition. */
export function readOperand(tokens: Tokens, placeholders: Placeholders): Operand {
  const { kind, text } = tokens.peek();
  if (kind === 'placeholder' && text.startsWith(':')) {
    tokens.next();
    return { kind: 'value', value: placeholders.value(text) };
  }
  if (kind !== 'name' || tokens.peek(1).text !== '(') {
    return { kind: 'path', path: readPath(tokens, placeholders) };
  }
  if (text !== 'size') throw noSuchFunction(text);
  const [of, ...others] = readArguments(tokens, placeholders);
  if (of === undefined || others.length > 0) throw wrongCount('size', others.length + 1);
  if (of.kind === 'value') mustHaveType('size', of, ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']);
  return { kind: 'size', of };
}

/** Reads `name(operand, …)` and answers the operands. */
export function readArguments(tokens: Tokens, placeholders: Placeholders): readonly Operand[] {
  tokens.next();
  tokens.expect('(');
  if (tokens.take(')')) return [];
  const operands = [readOperand(tokens, placeholders)];
  while (tokens.take(',')) operands.push(readOperand(tokens, placeholders));
  tokens.expect(')');
  return operands;
}

/** The operand's value in `item`; undefined where there is none. */
export function resolve(operand: Operand, item: Item): AttributeValue | undefined {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return valueAt(item, operand.path);
  const value = resolve(operand.of, item);
  const size = value === undefined ? undefined : sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** Refuses a value of the request whose type `operator` does not take. */
export function mustHaveType(operator: string, operand: Operand, types: readonly AttributeType[]): void {
  const type = operand.kind === 'value' ? typeOf(operand.value) : operand.kind === 'size' ? 'N' : undefined;
  if (type === undefined || types.includes(type)) return;
  throw new ExpressionError(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

/** Refuses an attribute that is compared with itself. */
export function mustBeDistinct(operator: string, first: Operand, others: readonly Operand[]): void {
  if (first.kind !== 'path') return;
  const shown = showPath(first.path);
  if (!others.some((other) => other.kind === 'path' && showPath(other.path) === shown)) return;
  throw new ExpressionError(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${shown}`,
  );
}

/** No function of this name may stand here. */
export const noSuchFunction = (name: string): ExpressionError =>
  new ExpressionError(`Invalid function name; function: ${name}`);

/** A function has too many or too few operands. */
export const wrongCount = (name: string, count: number): ExpressionError =>
  new ExpressionError(
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
  );
