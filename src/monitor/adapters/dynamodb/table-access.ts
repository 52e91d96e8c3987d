import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { WriteOutcome } from '../../ports/store/state-store.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import type { Item } from './state-item.ts';

/** The store's operations on its table; failures are {@link StoreError}s. */
export interface TableAccess {
  run<T>(doing: string, work: () => Promise<T>): Promise<T>;
  get(pk: string, sk: string): Promise<Item | undefined>;
  getByKey(key: Item): Promise<Item | undefined>;
  put(input: Omit<PutItemCommandInput, 'TableName'>): Promise<WriteOutcome>;
  /** Writes the item if the stored one still has `revision`; 0 means that there is none, NaN one that has no revision. */
  putRevised(item: Item, revision: number): Promise<WriteOutcome>;
  removeOwn(key: Item, holder: string): Promise<void>;
  /** Reads an index to its end; a page is let go once its items are read. */
  queryIndex<T>(index: string, key: string, read: (item: Item) => T): Promise<readonly T[]>;
  /** Hands over what {@link TableAccess.queryIndex} finds, page by page; an error of `take` is thrown as it is. */
  eachPage(index: string, key: string, take: (page: readonly Item[]) => Promise<void>): Promise<void>;
  queryKeys(pk: string, prefix: string): Promise<readonly Item[]>;
}

/** Asks DynamoDB. */
export function tableAccess(client: DynamoDBClient, TableName: string): TableAccess {
  const put: TableAccess['put'] = (input) =>
    outcome(() => client.send(new PutItemCommand({ TableName, ...input })), `write to table "${TableName}"`);
  const query = (input: Omit<QueryCommandInput, 'TableName'>): Promise<readonly Item[]> =>
    run(`query table "${TableName}"`, async () => {
      const items: Item[] = [];
      for await (const page of paginateQuery({ client }, { TableName, ...input }))
        items.push(...(page.Items ?? []));
      return items;
    });
  const getByKey: TableAccess['getByKey'] = (Key) =>
    run(
      `read table "${TableName}"`,
      async () => (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item,
    );
  const eachPage: TableAccess['eachPage'] = async (IndexName, key, take) => {
    const pages = paginateQuery({ client }, { TableName, ...ofIndex(IndexName, key) });
    for (;;) {
      const { value, done } = await run(`query table "${TableName}"`, () => pages.next());
      if (done === true) return;
      await take(value.Items ?? []);
    }
  };
  return {
    run,
    put,
    getByKey,
    get: (pk, sk) => getByKey({ pk: { S: pk }, sk: { S: sk } }),
    putRevised: (Item, revision) =>
      put({
        Item,
        ...hasStill(revision),
      }),
    async removeOwn(Key, holder) {
      const ConditionExpression = 'holder = :holder';
      const ExpressionAttributeValues = { ':holder': { S: holder } };
      const command = new DeleteItemCommand({
        TableName,
        Key,
        ConditionExpression,
        ExpressionAttributeValues,
      });
      await outcome(() => client.send(command), `write to table "${TableName}"`);
    },
    async queryIndex(index, key, read) {
      const found: ReturnType<typeof read>[] = [];
      await eachPage(index, key, async (page) => void found.push(...page.map(read)));
      return found;
    },
    eachPage,
    queryKeys: (pk, prefix) =>
      query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: prefix } },
      }),
  };
}

function hasStill(
  revision: number,
): Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'> {
  if (revision === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  if (!Number.isNaN(revision))
    return {
      ConditionExpression: 'revision = :revision',
      ExpressionAttributeValues: { ':revision': { N: String(revision) } },
    };
  return {
    ConditionExpression:
      'attribute_not_exists(revision) OR revision = :none OR NOT attribute_type(revision, :number)',
    ExpressionAttributeValues: { ':none': { N: '0' }, ':number': { S: 'N' } },
  };
}

const ofIndex = (IndexName: string, key: string): Omit<QueryCommandInput, 'TableName'> => ({
  IndexName,
  KeyConditionExpression: '#key = :key',
  ExpressionAttributeNames: { '#key': IndexName },
  ExpressionAttributeValues: { ':key': { S: key } },
});

async function outcome(work: () => Promise<unknown>, doing: string): Promise<WriteOutcome> {
  try {
    await work();
    return 'written';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'conflict';
    throw translated(doing, error);
  }
}

async function run<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(doing, error);
  }
}

const translated = (doing: string, error: unknown): StoreError =>
  new StoreError(`Cannot ${doing}: ${describeFailure(error)}`, { ...failureOf(error), cause: error });
