import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  paginateQuery,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SECOND } from '../../../calendar/instant.ts';
import { type AlertStore, StoreError, type WriteOutcome } from '../../ports/store/alert-store.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { ATTEMPT_PREFIX, attemptOf, attemptUpdate } from './attempt-item.ts';
import { inspectionItem, inspectionOf } from './inspection-item.ts';
import { INVALIDATION_PREFIX, invalidationItem, invalidationOf } from './invalidation-item.ts';
import {
  groupItem,
  groupOf,
  type Item,
  stateItem,
  stateOf,
  sweepItem,
  sweepOf,
  targetItem,
  targetKey,
  targetOf,
} from './state-item.ts';
import { OPEN_INDEX, UNDELIVERED, UNDELIVERED_INDEX } from './table.ts';

/** Remembers everything in one DynamoDB table; every change is one conditional write of one item. */
export function dynamodbAlertStore(client: DynamoDBClient, tableName: string): AlertStore {
  const table = tableAccess(client, tableName);
  return {
    async read(subject) {
      const item = await table.get(subject, 'state');
      return item && stateOf(item);
    },
    write: (state) => table.putRevised(stateItem({ ...state, revision: state.revision + 1 }), state.revision),
    open: async (target) => (await table.queryIndex(OPEN_INDEX, targetKey(target))).map(stateOf),
    undelivered: async () => (await table.queryIndex(UNDELIVERED_INDEX, UNDELIVERED)).map(stateOf),
    async readTarget(target) {
      const item = await table.get(`target#${targetKey(target)}`, 'target');
      return item && targetOf(item);
    },
    writeTarget: (record) =>
      table.putRevised(targetItem({ ...record, revision: record.revision + 1 }), record.revision),
    async readSweep(target) {
      const item = await table.get(`target#${targetKey(target)}`, 'sweep');
      return item && sweepOf(item);
    },
    async writeSweep(record) {
      await table.put({ Item: sweepItem(record) });
    },
    async recordAttempt(entry) {
      await table.run('record an attempt', () =>
        client.send(new UpdateItemCommand(attemptUpdate(tableName, entry))),
      );
    },
    attempts: async (arn) => (await table.queryKeys(arn, ATTEMPT_PREFIX)).map(attemptOf),
    wasInvalidated: async (arn, versionId) =>
      (await table.get(arn, `${INVALIDATION_PREFIX}${versionId}`)) !== undefined,
    invalidations: async (arn) => (await table.queryKeys(arn, INVALIDATION_PREFIX)).map(invalidationOf),
    async recordInvalidation(arn, versionId, at) {
      await table.put({ Item: invalidationItem(arn, { versionId, at }) });
    },
    async readGroup(key) {
      const item = await table.get(`group#${key}`, 'group');
      return item && groupOf(item);
    },
    async writeGroup(record) {
      await table.put({ Item: groupItem(record) });
    },
    async readInspection(functionArn) {
      const item = await table.get(`function#${functionArn}`, 'inspection');
      return item && inspectionOf(item);
    },
    async writeInspection(inspection) {
      await table.put({ Item: inspectionItem(inspection) });
    },
    acquireLease: async ({ name, holder, now, until }) =>
      (await table.put({
        Item: {
          ...leaseKey(name),
          holder: { S: holder },
          until: { N: String(until) },
          expiresAt: seconds(until),
        },
        ConditionExpression: 'attribute_not_exists(pk) OR holder = :holder OR #until <= :now',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':holder': { S: holder }, ':now': { N: String(now) } },
      })) === 'written',
    releaseLease: ({ name, holder }) => table.removeOwn(leaseKey(name), holder),
  };
}

const leaseKey = (name: string): Item => ({ pk: { S: `lease#${name}` }, sk: { S: 'lease' } });

const seconds = (epochMs: number): { N: string } => ({ N: String(Math.ceil(epochMs / SECOND)) });

interface TableAccess {
  run<T>(doing: string, work: () => Promise<T>): Promise<T>;
  get(pk: string, sk: string): Promise<Item | undefined>;
  put(input: Omit<PutItemCommandInput, 'TableName'>): Promise<WriteOutcome>;
  /** Writes the item if the stored one still has `revision`; 0 means that there is none. */
  putRevised(item: Item, revision: number): Promise<WriteOutcome>;
  removeOwn(key: Item, holder: string): Promise<void>;
  queryIndex(index: string, key: string): Promise<readonly Item[]>;
  queryKeys(pk: string, prefix: string): Promise<readonly Item[]>;
}

function tableAccess(client: DynamoDBClient, TableName: string): TableAccess {
  const put: TableAccess['put'] = (input) =>
    outcome(() => client.send(new PutItemCommand({ TableName, ...input })), `write to table "${TableName}"`);
  const query = (input: Omit<QueryCommandInput, 'TableName'>): Promise<readonly Item[]> =>
    run(`query table "${TableName}"`, async () => {
      const items: Item[] = [];
      for await (const page of paginateQuery({ client }, { TableName, ...input }))
        items.push(...(page.Items ?? []));
      return items;
    });
  return {
    run,
    put,
    get: (pk, sk) =>
      run(`read table "${TableName}"`, async () => {
        const key = { pk: { S: pk }, sk: { S: sk } };
        return (await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }))).Item;
      }),
    putRevised: (Item, revision) =>
      put({
        Item,
        ConditionExpression: revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :revision',
        ...(revision === 0 ? {} : { ExpressionAttributeValues: { ':revision': { N: String(revision) } } }),
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
    queryIndex: (IndexName, key) =>
      query({
        IndexName,
        KeyConditionExpression: '#key = :key',
        ExpressionAttributeNames: { '#key': IndexName },
        ExpressionAttributeValues: { ':key': { S: key } },
      }),
    queryKeys: (pk, prefix) =>
      query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: prefix } },
      }),
  };
}

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
