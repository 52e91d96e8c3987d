import {
  type AttributeType,
  type AttributeValue,
  type Item,
  membersOf,
  typeOf,
} from '../values/attribute-value.ts';
import { sum } from '../values/decimal.ts';
import { refusal } from '../values/refusal.ts';
import { noSuchFunction, wrongCount } from './operand.ts';
import { mustBeApart, type Path, readPath, startsPath, valueAt } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { ExpressionError, Tokens } from './tokens.ts';

/** The value that SET gives an attribute. */
type NewValue =
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

/** Names of datatypes in the errors of the sections ADD and DELETE; both take sets. */
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

type Step = string | number;

/** Takes what stands at the end of a path; answers what shall stand there, nothing when it goes. */
type Edit = (before: AttributeValue | undefined) => AttributeValue | undefined;

/** The item after all changes; each sees the item as it was before the first. The item given stays as it is. */
export function applyUpdate(changes: readonly Change[], before: Item): Item {
  const values = changes.map((change) => (change.kind === 'SET' ? newValue(change.to, before) : undefined));
  const edits = changes.map((change, at): [Path, Edit] => [change.path, editOf(change, values[at])]);
  // Places in a list are those before the update, so what stands farthest behind is changed first.
  const ordered = edits.toSorted(([one], [two]) => Number(two.at(-1)) - Number(one.at(-1)) || 0);
  return ordered.reduce((item, [path, edit]) => editedMap(item, path, edit), before);
}

function editOf(change: Change, value: AttributeValue | undefined): Edit {
  if (change.kind === 'SET') return () => value;
  if (change.kind === 'REMOVE') return () => undefined;
  return (before) => (change.kind === 'ADD' ? added(before, change.value) : without(before, change.value));
}

function editedMap(item: Item, [first, ...rest]: readonly Step[], edit: Edit): Item {
  if (typeof first !== 'string') throw noSuchPath();
  const { [first]: before, ...others } = item;
  const after = rest.length === 0 ? edit(before) : edited(before, rest, edit);
  if (after === undefined) return before === undefined ? item : others;
  return { ...item, [first]: after };
}

function edited(value: AttributeValue | undefined, steps: readonly Step[], edit: Edit): AttributeValue {
  if (value !== undefined && 'M' in value && typeof steps[0] === 'string') {
    return { M: editedMap(value.M, steps, edit) };
  }
  const [at, ...rest] = steps;
  if (value === undefined || !('L' in value) || typeof at !== 'number') throw noSuchPath();
  const before = value.L[at];
  const after = rest.length === 0 ? edit(before) : edited(before, rest, edit);
  if (after === undefined) return { L: value.L.filter((_, index) => index !== at) };
  return { L: before === undefined ? [...value.L, after] : value.L.with(at, after) };
}

const noSuchPath = () => refusal('The document path provided in the update expression is invalid for update');

function newValue(to: NewValue, item: Item): AttributeValue {
  switch (to.kind) {
    case 'value':
      return to.value;
    case 'path':
      return existing(valueAt(item, to.path));
    case 'if_not_exists':
      return valueAt(item, to.path) ?? newValue(to.otherwise, item);
    case 'list_append': {
      const [left, right] = [newValue(to.left, item), newValue(to.right, item)];
      if ('L' in left && 'L' in right) return { L: [...left.L, ...right.L] };
      throw wrongType();
    }
    default: {
      const [left, right] = [newValue(to.left, item), newValue(to.right, item)];
      if ('N' in left && 'N' in right) return { N: sum(left.N, right.N, to.kind === '+' ? 1n : -1n) };
      throw wrongType();
    }
  }
}

function existing(value: AttributeValue | undefined): AttributeValue {
  if (value !== undefined) return value;
  throw refusal('The provided expression refers to an attribute that does not exist in the item');
}

const wrongType = () => refusal('An operand in the update expression has an incorrect data type');

/** ADD: a number grows, a set gains members; what is not there begins at zero or empty. */
function added(before: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (before === undefined) return value;
  if (typeOf(before) !== typeOf(value)) throw wrongType();
  if ('N' in before && 'N' in value) return { N: sum(before.N, value.N) };
  const members = membersOf(before) ?? [];
  return setOf(value, [
    ...members,
    ...(membersOf(value) ?? []).filter((member) => !members.includes(member)),
  ]);
}

/** DELETE: a set loses members, and is gone with the last one. */
function without(before: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (before === undefined) return;
  if (typeOf(before) !== typeOf(value)) throw wrongType();
  const gone = membersOf(value) ?? [];
  const left = (membersOf(before) ?? []).filter((member) => !gone.includes(member));
  return left.length === 0 ? undefined : setOf(value, left);
}

function setOf(like: AttributeValue, members: readonly string[]): AttributeValue {
  if ('SS' in like) return { SS: members };
  return 'NS' in like ? { NS: members } : { BS: members };
}
