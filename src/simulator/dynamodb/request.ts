import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Input } from '../call/service.ts';
import { namesOf } from './tables/definition.ts';
import type { Table } from './tables/table.ts';
import { type Item, scalarOf, typeOf } from './values/attribute-value.ts';
import { refusal, wrongValue } from './values/refusal.ts';
import { itemBytes, MAX_ITEM_BYTES } from './values/size.ts';

/** A parameter that may be an expression. */
export const expression: z.ZodOptional<z.ZodString> = z.string().optional();

/** Fields of a request that define the placeholders of its expressions. */
export const placeholders: {
  readonly ExpressionAttributeNames: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
  readonly ExpressionAttributeValues: z.ZodOptional<z.ZodUnknown>;
} = {
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: z.unknown().optional(),
};

/** Parameters of all operations on items. */
export const commonParameters: {
  readonly TableName: z.ZodString;
  readonly ReturnConsumedCapacity: z.ZodDefault<
    z.ZodEnum<{ INDEXES: 'INDEXES'; TOTAL: 'TOTAL'; NONE: 'NONE' }>
  >;
} = {
  TableName: z.string(),
  ReturnConsumedCapacity: z.enum(['INDEXES', 'TOTAL', 'NONE']).default('NONE'),
};

/**
 * Reads a request; a parameter that DynamoDB knows and the simulator does not play is refused by its name, as anything
 * else would be answered wrongly.
 */
export function readRequest<T>(schema: z.ZodType<T>, input: Input): T {
  for (const name of Object.keys(input)) {
    if (NOT_PLAYED.has(name))
      throw new AwsError('ValidationException', `The simulator does not play ${name}`);
  }
  const malformed = typeof input['TableName'] !== 'string' && input['TableName'] !== undefined;
  if (malformed) throw new AwsError('SerializationException', 'TableName is no text');
  return readInput(schema, input);
}

/** The parameters before expressions, parallel scans and what nobody asked for yet. */
const NOT_PLAYED: ReadonlySet<string> = new Set([
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ReturnItemCollectionMetrics',
  'ReturnValuesOnConditionCheckFailure',
  'ScanFilter',
  'Segment',
  'TotalSegments',
]);

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const KEY_BYTES = { hash: 2048, range: 1024 } as const;

/** Refuses a key that is not exactly the table's. */
export function mustBeKey({ definition: { key, types } }: Table, given: Item): void {
  const names = namesOf(key);
  const fits =
    Object.keys(given).length === names.length &&
    names.every((name) => given[name] !== undefined && typeOf(given[name]) === types.get(name));
  if (!fits) throw refusal('The provided key element does not match the schema');
  for (const name of names) mustFitKey(name, given, name === key.hash);
}

/** Refuses an item without the table's key, with index keys of another type, or too large. */
export function mustBeItem(table: Table, item: Item): void {
  const { key, types } = table.definition;
  for (const name of namesOf(key)) {
    const value = item[name];
    const expected = types.get(name);
    if (value === undefined) throw wrongValue(`Missing the key ${name} in the item`);
    if (typeOf(value) !== expected) {
      throw wrongValue(`Type mismatch for key ${name} expected: ${expected} actual: ${typeOf(value)}`);
    }
    mustFitKey(name, item, name === key.hash);
  }
  mustFitIndexes(table, item);
}

/** Refuses an item that an index could not take. */
export function mustFitIndexes({ definition: { types }, indexes }: Table, item: Item): void {
  for (const [indexName, index] of indexes) {
    for (const name of namesOf(index.key)) {
      const value = item[name];
      if (value === undefined) continue;
      if (typeOf(value) !== types.get(name)) {
        throw wrongValue(
          `Type mismatch for Index Key ${name} Expected: ${types.get(name)} Actual: ${typeOf(value)} IndexName: ${indexName}`,
        );
      }
      if (scalarOf(value) === '') {
        throw refusal(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${indexName}, IndexKey: ${name}`,
        );
      }
    }
  }
}

/** Refuses an item of more than 400 KB. */
export function mustBeSmall(item: Item, message: string): void {
  if (itemBytes(item) > MAX_ITEM_BYTES) throw refusal(message);
}

function mustFitKey(name: string, item: Item, isHash: boolean): void {
  const value = item[name];
  const content = value === undefined || 'N' in value ? undefined : scalarOf(value);
  if (value === undefined || content === undefined) return;
  const what = 'S' in value ? 'string' : 'binary';
  if (content === '') {
    throw refusal(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${what} value. Key: ${name}`,
    );
  }
  const bytes = Buffer.byteLength(content, 'S' in value ? 'utf8' : 'base64');
  if (isHash && bytes > KEY_BYTES.hash) {
    throw wrongValue('Size of hashkey has exceeded the maximum size limit of2048 bytes');
  }
  if (!isHash && bytes > KEY_BYTES.range) {
    throw wrongValue('Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
  }
}
