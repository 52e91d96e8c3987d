import type { CallRequest } from '../../simulator/call/call-log.ts';
import type { Input } from '../../simulator/call/service.ts';

/** One table or index in a call, with its operation and items. */
export interface TableRequest {
  /** Such as `PutItem`; each part of a transaction has its own. */
  readonly operation: string;
  /** Name or ARN. */
  readonly table: string;
  readonly index: string | undefined;
  /** Partition keys of the items that are touched; undefined where the call names none, as a scan. */
  readonly leadingKeys: readonly string[] | undefined;
}

/** The attribute that is the partition key of a table or of one of its indexes; undefined where that is not known. */
export type PartitionKeyOf = (table: string, index: string | undefined) => string | undefined;

/** The names or ARNs of the tables that a call of DynamoDB is about. */
export const tablesOf = (call: CallRequest): readonly string[] => [
  ...new Set(partsOf(call).map(({ table }) => table)),
];

/**
 * Returns the requests that a DynamoDB call makes to its tables. IAM looks at the items of a batch together and at
 * those of a transaction one by one.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export const tableRequests = (call: CallRequest, keyOf: PartitionKeyOf): readonly TableRequest[] =>
  partsOf(call).map(({ operation, table, index, items, condition }) => {
    const key = keyOf(table, index);
    const values = key === undefined ? [] : [...items.map((item) => item[key]), condition?.(key)];
    const leadingKeys = values.map(textOf).filter((value) => value !== undefined);
    return { operation, table, index, leadingKeys: leadingKeys.length === 0 ? undefined : leadingKeys };
  });

interface Part {
  readonly operation: string;
  readonly table: string;
  readonly index: string | undefined;
  /** Items or keys of items. */
  readonly items: readonly Input[];
  /** Returns the value that a query wants an attribute to equal. */
  readonly condition?: (key: string) => unknown;
}

function partsOf({ operation, input }: CallRequest): readonly Part[] {
  const { RequestItems, TransactItems } = input;
  if (RequestItems !== undefined) {
    return Object.entries(object(RequestItems)).map(([table, asked]) => ({
      operation,
      table,
      index: undefined,
      items: batchItems(asked),
    }));
  }
  if (TransactItems !== undefined) return objects(TransactItems).flatMap(transactionParts);
  const index = input['IndexName'];
  const items = [input['Key'], input['Item']].filter((item) => item !== undefined).map(object);
  const base = {
    operation,
    table: String(input['TableName'] ?? ''),
    index: index === undefined ? undefined : String(index),
    items,
  };
  return [operation === 'Query' ? { ...base, condition: (key) => queried(input, key) } : base];
}

/** Reads have `Keys`, writes a list of `PutRequest` and `DeleteRequest`. */
const batchItems = (asked: unknown): readonly Input[] =>
  Array.isArray(asked)
    ? objects(asked).map(({ PutRequest, DeleteRequest }) =>
        object(object(PutRequest)['Item'] ?? object(DeleteRequest)['Key']),
      )
    : objects(object(asked)['Keys']);

/** The action that IAM asks for each kind of part. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

const transactionParts = (part: Input): readonly Part[] =>
  Object.entries(part).map(([kind, asked]) => {
    const { TableName, Key, Item } = object(asked);
    return {
      operation: TRANSACTION_ACTIONS[kind] ?? kind,
      table: String(TableName),
      index: undefined,
      items: [object(Key ?? Item)],
    };
  });

/** The value that a query's condition wants an attribute to have: in the expression, or in the older `KeyConditions`. */
function queried(input: Input, key: string): unknown {
  const older = object(object(input['KeyConditions'])[key])['AttributeValueList'];
  if (Array.isArray(older)) return older[0];
  const names = object(input['ExpressionAttributeNames']);
  for (const [, left = '', right = ''] of String(input['KeyConditionExpression'] ?? '').matchAll(EQUALITY)) {
    if ((names[left] ?? left) === key) return object(input['ExpressionAttributeValues'])[right];
  }
  return undefined;
}

const EQUALITY = /([#\w]+)\s*=\s*(:\w+)/g;

/** The text of an attribute value: `{ S: 'x' }`, `{ N: '1' }` or `{ B: '…' }`. */
function textOf(value: unknown): string | undefined {
  const { S, N, B } = object(value);
  const found = S ?? N ?? B;
  return found === undefined ? undefined : String(found);
}

const object = (value: unknown): Input => (isObject(value) ? value : {});

const isObject = (value: unknown): value is Input => typeof value === 'object' && value !== null;

const objects = (value: unknown): readonly Input[] => (Array.isArray(value) ? value.map(object) : []);
