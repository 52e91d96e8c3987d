import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Call, Operation } from '../call/service.ts';
import { readDefinition, type TableInput } from './tables/definition.ts';
import type { KeyedItems } from './tables/keyed-items.ts';
import { Table } from './tables/table.ts';
import { refusal } from './values/refusal.ts';
import { itemBytes } from './values/size.ts';

const naming = z.object({ TableName: z.string() });
const listing = z.object({
  ExclusiveStartTableName: z.string().optional(),
  Limit: z.int().min(1).max(100).default(100),
});
const expiring = naming.extend({
  TimeToLiveSpecification: z.object({ AttributeName: z.string().min(1), Enabled: z.boolean() }),
});

/** The tables of an account by name. */
export type Tables = Map<string, Table>;

/** The operations that make, show and end tables; all of them take no time. */
export const tableOperations = (tables: Tables): Readonly<Record<string, Operation>> => ({
  CreateTable: (input, call) => {
    const definition = readDefinition(input);
    const { TableName } = definition.input;
    if (tables.has(TableName)) {
      throw new AwsError('ResourceInUseException', `Table already exists: ${TableName}`);
    }
    const table = new Table(definition, call.now);
    tables.set(TableName, table);
    return { TableDescription: described(table, call) };
  },
  DescribeTable: (input, call) => ({ Table: described(tableNamed(tables, input, 'naming'), call) }),
  DeleteTable: (input, call) => {
    const table = tableNamed(tables, input, 'naming');
    tables.delete(table.definition.input.TableName);
    return { TableDescription: { ...described(table, call), TableStatus: 'DELETING' } };
  },
  ListTables: (input) => {
    const { ExclusiveStartTableName: start = '', Limit } = readInput(listing, input);
    const names = [...tables.keys()].sort().filter((name) => name > start);
    const page = names.slice(0, Limit);
    return { TableNames: page, ...(names.length > Limit ? { LastEvaluatedTableName: page.at(-1) } : {}) };
  },
  UpdateTimeToLive: (input) => {
    const { TimeToLiveSpecification } = readInput(expiring, input);
    const { AttributeName, Enabled } = TimeToLiveSpecification;
    const table = tableNamed(tables, input);
    if (Enabled === (table.expiry !== undefined)) {
      throw refusal(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
    }
    table.expireBy(Enabled ? AttributeName : undefined);
    return { TimeToLiveSpecification };
  },
  DescribeTimeToLive: (input) => {
    const { expiry } = tableNamed(tables, input);
    const status = expiry === undefined ? 'DISABLED' : 'ENABLED';
    return {
      TimeToLiveDescription: {
        TimeToLiveStatus: status,
        ...(expiry === undefined ? {} : { AttributeName: expiry }),
      },
    };
  },
});

/** The table that a request names, also by its ARN; calls about the table itself say its name when there is none. */
export function tableNamed(tables: Tables, input: object, kind: 'naming' | 'using' = 'using'): Table {
  const { TableName } = readInput(naming, { ...input });
  const name = /^arn:[^/]*:table\/([^/]+)$/.exec(TableName)?.[1] ?? TableName;
  const table = tables.get(name);
  if (table !== undefined) return table;
  const what = kind === 'naming' ? `: Table: ${name} not found` : '';
  throw new AwsError('ResourceNotFoundException', `Requested resource not found${what}`);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html */
function described(table: Table, { account, region, now }: Call): object {
  const { input } = table.definition;
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${input.TableName}`;
  const throughput = throughputOf(input);
  return {
    AttributeDefinitions: input.AttributeDefinitions,
    TableName: input.TableName,
    KeySchema: input.KeySchema,
    TableStatus: 'ACTIVE',
    CreationDateTime: new Date(table.createdAt),
    ProvisionedThroughput: throughput,
    TableSizeBytes: bytesOf(table.items(now)),
    ItemCount: countOf(table.items(now)),
    TableArn: arn,
    ...(input.BillingMode === 'PAY_PER_REQUEST'
      ? { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } }
      : {}),
    ...(table.indexes.size === 0
      ? {}
      : {
          GlobalSecondaryIndexes: [...table.indexes.values()].map((index) => ({
            ...index.input,
            IndexStatus: 'ACTIVE',
            ProvisionedThroughput: throughput,
            IndexSizeBytes: bytesOf(index.items(now)),
            ItemCount: countOf(index.items(now)),
            IndexArn: `${arn}/index/${index.input.IndexName}`,
          })),
        }),
  };
}

const throughputOf = ({ ProvisionedThroughput }: TableInput): object => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: ProvisionedThroughput?.ReadCapacityUnits ?? 0,
  WriteCapacityUnits: ProvisionedThroughput?.WriteCapacityUnits ?? 0,
});

const countOf = (items: KeyedItems): number =>
  items.partitions().reduce((sum, { length }) => sum + length, 0);

const bytesOf = (items: KeyedItems): number =>
  items
    .partitions()
    .flat()
    .reduce((sum, item) => sum + itemBytes(item), 0);
