import { AwsError } from '../../call/aws-error.ts';
import { compareNumbers, readDecimal, showDecimal } from './decimal.ts';
import { refusal, wrongValue } from './refusal.ts';

/** A value of an attribute, as it goes over the wire. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

/** Attributes by their names. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/** The one datatype that a value has. */
export const typeOf = (value: AttributeValue): AttributeType => Object.keys(value)[0] as AttributeType;

/** The text of a string, a number or binary; undefined for any other value. */
export function scalarOf(value: AttributeValue | undefined): string | undefined {
  if (value === undefined) return;
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  return 'B' in value ? value.B : undefined;
}

/** The members of a set; undefined for any other value. */
export function membersOf(value: AttributeValue): readonly string[] | undefined {
  if ('SS' in value) return value.SS;
  if ('NS' in value) return value.NS;
  return 'BS' in value ? value.BS : undefined;
}

/** Reads what a request says is an item, a key or a map of values; numbers come in their one written form. */
export function readItem(given: unknown): Item {
  if (!isRecord(given)) throw notRead('Unexpected field type');
  const item: Record<string, AttributeValue> = Object.create(null);
  for (const [name, value] of Object.entries(given)) {
    if (value !== null) item[name] = readValue(value);
  }
  return item;
}

/** Reads one value; refuses more than one datatype, and none. */
export function readValue(given: unknown): AttributeValue {
  if (!isRecord(given)) throw notRead('Unexpected value type in payload');
  const [type, ...others] = Object.keys(given);
  if (others.length === 0 && isType(type) && given[type] !== null) return READERS[type](given[type]);
  const values = Object.entries(READERS).flatMap(([type, read]) => {
    const value = given[type];
    return value === undefined || value === null ? [] : [read(value)];
  });
  const [value] = values;
  if (value === undefined) {
    throw refusal('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (values.length === 1) return value;
  throw refusal(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}

const READERS: Readonly<Record<AttributeType, (given: unknown) => AttributeValue>> = {
  S: (given) => ({ S: readText(given) }),
  N: (given) => ({ N: showDecimal(readDecimal(readText(given))) }),
  B: (given) => ({ B: readBinary(given) }),
  BOOL: (given) => ({ BOOL: readBoolean(given) }),
  NULL: (given) => {
    if (readBoolean(given)) return { NULL: true };
    throw wrongValue('Null attribute value types must have the value of true');
  },
  SS: (given) => ({
    SS: readMembers(readList(given).map(readText), {
      ofNone: wrongValue('An string set  may not be empty'),
      twice: (all) => wrongValue(`Input collection ${all} contains duplicates.`),
    }),
  }),
  NS: (given) => ({
    NS: readMembers(readList(given).map(readText).map(readDecimal).map(showDecimal), {
      ofNone: wrongValue('An number set  may not be empty'),
      twice: () => refusal('Input collection contains duplicates'),
    }),
  }),
  BS: (given) => ({
    BS: readMembers(readList(given).map(readBinary), {
      ofNone: wrongValue('Binary sets should not be empty'),
      twice: (all) => wrongValue(`Input collection ${all}of type BS contains duplicates.`),
    }),
  }),
  L: (given) => ({ L: readList(given).map(readValue) }),
  M: (given) => ({ M: readItem(given) }),
};

const isType = (name: string | undefined): name is AttributeType =>
  name !== undefined && Object.hasOwn(READERS, name);

interface SetFaults {
  readonly ofNone: AwsError;
  readonly twice: (all: string) => AwsError;
}

function readMembers(members: readonly string[], { ofNone, twice }: SetFaults): readonly string[] {
  if (members.length === 0) throw ofNone;
  if (new Set(members).size < members.length) throw twice(`[${members.join(', ')}]`);
  return members;
}

function readText(given: unknown): string {
  if (typeof given === 'string') return given;
  if (typeof given === 'object') throw notRead('Start of structure or map found where not expected');
  const kind = typeof given === 'boolean' ? `${String(given).toUpperCase()}_VALUE` : 'NUMBER_VALUE';
  throw notRead(`${kind} cannot be converted to String`);
}

function readBinary(given: unknown): string {
  if (typeof given !== 'string') {
    throw notRead('only base-64-encoded strings are convertible to bytes');
  }
  if (given.length % 4 !== 0) {
    throw notRead(`Base64 encoded length is expected a multiple of 4 bytes but found: ${given.length}`);
  }
  if (Buffer.from(given, 'base64').toString('base64') === given) return given;
  throw notRead('Invalid last non-pad Base64 character dectected');
}

function readBoolean(given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  throw notRead('Unexpected token received from parser');
}

function readList(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given;
  throw notRead('Unexpected field type');
}

/** The JSON has another shape than the API's model. */
const notRead = (message: string): AwsError => new AwsError('SerializationException', message);

const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

/** Whether two values are the same; the order of a set does not matter. */
export function sameValue(left: AttributeValue, right: AttributeValue): boolean {
  const type = typeOf(left);
  if (type !== typeOf(right)) return false;
  const [ours, theirs] = [membersOf(left), membersOf(right)];
  if (ours !== undefined && theirs !== undefined) {
    return ours.length === theirs.length && ours.every((member) => theirs.includes(member));
  }
  if ('L' in left && 'L' in right) {
    return left.L.length === right.L.length && left.L.every((value, at) => same(value, right.L[at]));
  }
  if ('M' in left && 'M' in right) return sameItem(left.M, right.M);
  return JSON.stringify(left) === JSON.stringify(right);
}

function sameItem(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => same(left[name], right[name]));
}

const same = (left: AttributeValue | undefined, right: AttributeValue | undefined): boolean =>
  left !== undefined && right !== undefined && sameValue(left, right);

/**
 * Orders two values of the same scalar type: numbers by size, text by its UTF-8 bytes, binary by its bytes.
 * Undefined when they cannot be ordered.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export function orderOf(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('S' in left && 'S' in right) return compareTexts(left.S, right.S);
  if ('N' in left && 'N' in right) return compareNumbers(left.N, right.N);
  if (!('B' in left && 'B' in right)) return;
  return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
}

/** JavaScript orders by UTF-16 units, where a surrogate pair stands before U+E000; in UTF-8 it stands behind. */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const end = Math.min(left.length, right.length);
  let at = 0;
  while (at < end && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  if (at === end) return left.length - right.length;
  return rankOf(left.charCodeAt(at)) - rankOf(right.charCodeAt(at));
}

const rankOf = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit);
