import * as z from 'zod';
import { readInput } from '../../call/input.ts';
import type { Input } from '../../call/service.ts';
import { refusal, wrongValue } from '../values/refusal.ts';

/** The attributes of a key: of the partition and, where there is one, of the sort order. */
export interface KeySchema {
  readonly hash: string;
  readonly range?: string | undefined;
}

/** A key as the API writes it. */
export type KeyElements = readonly {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}[];

/** A global secondary index as it was asked for. */
export interface IndexInput {
  readonly IndexName: string;
  readonly KeySchema: KeyElements;
  readonly Projection: {
    readonly ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
    readonly NonKeyAttributes?: readonly string[] | undefined;
  };
}

/** The input of CreateTable. */
export interface TableInput {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: 'S' | 'N' | 'B';
  }[];
  readonly KeySchema: KeyElements;
  readonly BillingMode?: 'PAY_PER_REQUEST' | 'PROVISIONED' | undefined;
  readonly ProvisionedThroughput?:
    | { readonly ReadCapacityUnits: number; readonly WriteCapacityUnits: number }
    | undefined;
  readonly GlobalSecondaryIndexes?: readonly IndexInput[] | undefined;
}

const name = z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/);
const keyElements = z
  .array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);
const indexInput: z.ZodType<IndexInput> = z.object({
  IndexName: name,
  KeySchema: keyElements,
  Projection: z.object({
    ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});
const throughput = z.object({ ReadCapacityUnits: z.int().min(1), WriteCapacityUnits: z.int().min(1) });
const tableInput: z.ZodType<TableInput> = z.object({
  TableName: name,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keyElements,
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).optional(),
  ProvisionedThroughput: throughput.optional(),
  GlobalSecondaryIndexes: z.array(indexInput).min(1).optional(),
});

/** A table as it was asked for, checked. */
export interface TableDefinition {
  readonly input: TableInput;
  readonly key: KeySchema;
  readonly types: ReadonlyMap<string, 'S' | 'N' | 'B'>;
}

/** Reads what CreateTable is asked for. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
export function readDefinition(given: Input): TableDefinition {
  if (given['LocalSecondaryIndexes'] !== undefined) {
    throw refusal('The simulator does not play LocalSecondaryIndexes');
  }
  const input = readInput(tableInput, given);
  const types = new Map(input.AttributeDefinitions.map((each) => [each.AttributeName, each.AttributeType]));
  const used = new Set<string>();
  for (const elements of [input, ...(input.GlobalSecondaryIndexes ?? [])].map(({ KeySchema }) => KeySchema)) {
    mustBeKey(elements);
    for (const { AttributeName } of elements) used.add(AttributeName);
  }
  mustBeDefined([...used], types);
  mustBeBilled(input);
  return { input, key: keyOf(input.KeySchema), types };
}

/** The attributes of a key by what they are for. */
export const keyOf = (elements: KeyElements): KeySchema => ({
  hash: elements[0]?.AttributeName ?? '',
  range: elements[1]?.AttributeName,
});

/** The names of a key's attributes. */
export const namesOf = ({ hash, range }: KeySchema): readonly string[] =>
  range === undefined ? [hash] : [hash, range];

function mustBeKey([first, second]: KeyElements): void {
  if (first?.KeyType !== 'HASH') {
    throw wrongValue('The first KeySchemaElement is not a HASH key type');
  }
  if (second !== undefined && second.KeyType !== 'RANGE') {
    throw wrongValue('The second KeySchemaElement is not a RANGE key type');
  }
  if (first.AttributeName === second?.AttributeName) {
    throw wrongValue('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
}

function mustBeDefined(used: readonly string[], types: ReadonlyMap<string, string>): void {
  const [missing] = used.filter((name) => !types.has(name));
  if (missing !== undefined) {
    throw wrongValue(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${used.join(', ')}], AttributeDefinitions: [${[...types.keys()].join(', ')}]`,
    );
  }
  if (used.length === types.size) return;
  throw wrongValue(
    'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  );
}

function mustBeBilled({ BillingMode = 'PROVISIONED', ProvisionedThroughput }: TableInput): void {
  const isProvisioned = BillingMode === 'PROVISIONED';
  if (isProvisioned === (ProvisionedThroughput !== undefined)) return;
  throw wrongValue(
    isProvisioned
      ? 'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED'
      : 'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  );
}
