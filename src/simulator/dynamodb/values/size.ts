import type { AttributeValue, Item } from './attribute-value.ts';
import { readDecimal } from './decimal.ts';

/** Largest item: 400 KB. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const MAX_ITEM_BYTES: number = 400 * 1024;

/**
 * Bytes of an item: names and values, a byte for each element of a document and three for the document.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  const bytes = sizes.get(item) ?? bytesOf(item);
  sizes.set(item, bytes);
  return bytes;
}

/** Sizes of items, which are never changed in place, for as long as they are stored. */
const sizes = new WeakMap<Item, number>();

function bytesOf(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return binaryBytes(value.B);
  if ('SS' in value) return total(value.SS, (text) => Buffer.byteLength(text));
  if ('NS' in value) return total(value.NS, numberBytes);
  if ('BS' in value) return total(value.BS, binaryBytes);
  if ('L' in value) return 3 + total(value.L, (element) => 1 + valueBytes(element));
  if ('M' in value) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  return 1;
}

/** Returns the value of the function `size` in an expression; undefined for a number, a boolean and null. */
export function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return binaryBytes(value.B);
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  return 'BS' in value ? value.BS.length : undefined;
}

/** One byte for two digits, and one more. */
const numberBytes = (text: string): number =>
  1 + Math.ceil(String(readDecimal(text).coefficient).replace('-', '').length / 2);

const binaryBytes = (base64: string): number => Buffer.byteLength(base64, 'base64');

const total = <T>(values: readonly T[], bytes: (value: T) => number): number =>
  values.reduce((sum, value) => sum + bytes(value), 0);
