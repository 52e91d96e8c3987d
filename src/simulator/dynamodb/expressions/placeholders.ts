import { AwsError } from '../../call/aws-error.ts';
import { type AttributeValue, type Item, readValue } from '../values/attribute-value.ts';
import { refusal } from '../values/refusal.ts';
import { isReserved } from './reserved-words.ts';
import { ExpressionError, type Token } from './tokens.ts';

/** What the placeholders of a request's expressions stand for, and which of them were used. */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #unused: Set<string>;

  /** `names` and `values` are ExpressionAttributeNames and ExpressionAttributeValues of a request. */
  constructor(names: Readonly<Record<string, string>> | undefined, values: unknown) {
    this.#names = new Map(entriesOf('ExpressionAttributeNames', '#', names));
    this.#values = new Map(entriesOf('ExpressionAttributeValues', ':', readValues(values)));
    this.#unused = new Set([...this.#names.keys(), ...this.#values.keys()]);
  }

  /** The name of the attribute that `token` means. */
  name({ kind, text }: Token): string {
    if (kind === 'name') {
      if (!isReserved(text)) return text;
      throw new ExpressionError(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    }
    this.#unused.delete(text);
    const name = this.#names.get(text);
    if (name !== undefined) return name;
    throw new ExpressionError(
      `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
    );
  }

  /** The value that `:text` stands for. */
  value(text: string): AttributeValue {
    this.#unused.delete(text);
    const value = this.#values.get(text);
    if (value !== undefined) return value;
    throw new ExpressionError(
      `An expression attribute value used in expression is not defined; attribute value: ${text}`,
    );
  }

  /** Refuses placeholders that no expression of the request used. */
  mustBeUsed(): void {
    for (const [parameter, sign] of [
      ['ExpressionAttributeNames', '#'],
      ['ExpressionAttributeValues', ':'],
    ] as const) {
      const unused = [...this.#unused].filter((key) => key.startsWith(sign));
      if (unused.length > 0) {
        throw refusal(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
      }
    }
  }
}

function readValues(given: unknown): Item | undefined {
  if (given === undefined || given === null) return;
  const values = Object.entries(given).map(([key, value]): [string, AttributeValue] => {
    try {
      return [key, readValue(value)];
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
      throw refusal(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`);
    }
  });
  return Object.fromEntries(values);
}

function entriesOf<T>(
  parameter: string,
  sign: '#' | ':',
  given: Readonly<Record<string, T>> | undefined,
): readonly [string, T][] {
  const entries = Object.entries(given ?? {});
  if (given !== undefined && entries.length === 0) throw refusal(`${parameter} must not be empty`);
  for (const [key] of entries) {
    if (key.startsWith(sign) && /^.\w+$/.test(key)) continue;
    throw refusal(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
  }
  return entries;
}
