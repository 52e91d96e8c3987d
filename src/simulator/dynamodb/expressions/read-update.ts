import { type AttributeType, type AttributeValue, typeOf } from '../values/attribute-value.ts';
import { noSuchFunction, wrongCount } from './operand.ts';
import { mustBeApart, type Path, readPath, startsPath } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { ExpressionError, Tokens } from './tokens.ts';

/** What SET gives an attribute. */
export type NewValue =
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: '+' | '-' | 'list_append'; readonly left: NewValue; readonly right: NewValue }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: NewValue };

/** One change of an update. */
export type Change =
  | { readonly kind: 'SET'; readonly path: Path; readonly to: NewValue }
  | { readonly kind: 'REMOVE'; readonly path: Path }
  | { readonly kind: 'ADD' | 'DELETE'; readonly path: Path; readonly value: AttributeValue };

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

/** How the sections ADD and DELETE name datatypes in their errors; sets are what both take. */
const KINDS: Readonly<Partial<Record<AttributeType, string>>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

/**
 * Reads an update expression; fails with an ExpressionError.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function readUpdate(expression: string, placeholders: Placeholders): readonly Change[] {
  const tokens = new Tokens(expression);
  const changes: Change[] = [];
  const seen = new Set<string>();
  while (tokens.peek().kind !== 'end') {
    const section = SECTIONS.find((name) => tokens.take(name));
    if (section === undefined) throw tokens.fault();
    if (seen.has(section)) {
      throw new ExpressionError(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    const reader = new UpdateReader(tokens, placeholders);
    do changes.push(reader.change(section));
    while (tokens.take(','));
  }
  mustBeApart(changes.map(({ path }) => path));
  return changes;
}

class UpdateReader {
  readonly #tokens: Tokens;
  readonly #placeholders: Placeholders;

  constructor(tokens: Tokens, placeholders: Placeholders) {
    this.#tokens = tokens;
    this.#placeholders = placeholders;
  }

  change(kind: (typeof SECTIONS)[number]): Change {
    const path = readPath(this.#tokens, this.#placeholders);
    if (kind === 'REMOVE') return { kind, path };
    if (kind === 'SET') {
      this.#tokens.expect('=');
      return { kind, path, to: this.#newValue() };
    }
    const { kind: found, text } = this.#tokens.peek();
    if (found !== 'placeholder' || !text.startsWith(':')) throw this.#tokens.fault();
    this.#tokens.next();
    const value = this.#placeholders.value(text);
    const type = typeOf(value);
    const wrong = kind === 'ADD' && type === 'N' ? undefined : KINDS[type];
    if (wrong === undefined) return { kind, path, value };
    throw new ExpressionError(
      `Incorrect operand type for operator or function; operator: ${kind}, operand type: ${wrong}`,
    );
  }

  #newValue(): NewValue {
    const left = this.#term();
    for (const kind of ['+', '-'] as const) {
      if (!this.#tokens.take(kind)) continue;
      const right = this.#term();
      for (const side of [left, right]) mustBe('N', kind, side);
      return { kind, left, right };
    }
    return left;
  }

  #term(): NewValue {
    if (this.#tokens.take('(')) {
      const value = this.#newValue();
      this.#tokens.expect(')');
      return value;
    }
    const { kind, text } = this.#tokens.peek();
    if (kind === 'name' && this.#tokens.peek(1).text === '(') return this.#call(text);
    if (startsPath(this.#tokens)) return { kind: 'path', path: readPath(this.#tokens, this.#placeholders) };
    if (kind !== 'placeholder') throw this.#tokens.fault();
    this.#tokens.next();
    return { kind: 'value', value: this.#placeholders.value(text) };
  }

  #call(name: string): NewValue {
    if (name !== 'if_not_exists' && name !== 'list_append') throw noSuchFunction(name);
    this.#tokens.next();
    this.#tokens.expect('(');
    const operands = [this.#newValue()];
    while (this.#tokens.take(',')) operands.push(this.#newValue());
    this.#tokens.expect(')');
    const [left, right] = operands;
    if (left === undefined || right === undefined || operands.length !== 2)
      throw wrongCount(name, operands.length);
    if (name === 'list_append') {
      for (const side of operands) mustBe('L', name, side);
      return { kind: name, left, right };
    }
    if (left.kind === 'path') return { kind: name, path: left.path, otherwise: right };
    throw new ExpressionError(`Operator or function requires a document path; operator or function: ${name}`);
  }
}

function mustBe(type: AttributeType, operator: string, operand: NewValue): void {
  const found = operand.kind === 'value' ? typeOf(operand.value) : type;
  if (found === type) return;
  throw new ExpressionError(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${found}`,
  );
}
