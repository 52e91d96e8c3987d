import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { DAY, SECOND } from '../../src/calendar/instant.ts';
import { dynamodbHistoryStore } from '../../src/monitor/adapters/dynamodb/dynamodb-history-store.ts';
import { tableDefinition } from '../../src/monitor/adapters/dynamodb/table.ts';
import { memoryHistoryStore } from '../../src/monitor/adapters/memory/audit/memory-history-store.ts';
import { arnHash } from '../../src/monitor/domain/arn-hash.ts';
import { sightOf } from '../../src/monitor/domain/history/secret-sight.ts';
import { StoreError } from '../../src/monitor/ports/store/store-error.ts';
import { NOW } from '../support/builders.ts';
import { named } from '../support/secrets.ts';
import { TARGET } from '../support/service.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { historyStoreContract } from './history-store.suite.ts';

const TABLE = 'rotation-monitor';
const SECRET = named('prod/db');

describe('memoryHistoryStore', () => {
  historyStoreContract(async () => memoryHistoryStore());
});

describe('dynamodbHistoryStore', () => {
  const open = async () => {
    const simulator = aSimulator();
    await simulator.call('dynamodb', 'CreateTable', { ...tableDefinition(TABLE) }, 'deployer');
    const client = new DynamoDBClient(sdk(simulator));
    const unreadable: string[] = [];
    const store = dynamodbHistoryStore(client, TABLE, (kind) => void unreadable.push(kind));
    return { simulator, client, store, unreadable };
  };
  historyStoreContract(async () => (await open()).store);

  const expiryOf = async (client: DynamoDBClient, pk: string, sk: string) => {
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key }));
    return Item?.['expiresAt']?.N;
  };

  test('a change is kept 400 days, a sight as long as its secret is there and 400 days more', async () => {
    const { client, store } = await open();
    const expiry = String((NOW + 400 * DAY) / SECOND);
    const partition = `history#${TARGET.account}#${TARGET.region}`;
    const key = `sight#${arnHash(SECRET.arn)}`;
    await store.recordChange({ secretArn: SECRET.arn, kind: 'rotation-off', at: NOW });
    expect(await expiryOf(client, SECRET.arn, 'change#2026-11-21T10:00:00.000Z#rotation-off')).toBe(expiry);
    await store.writeSight({ ...sightOf(SECRET, NOW), deletedAt: NOW });
    expect(await expiryOf(client, partition, key)).toBe(expiry);
    await store.writeSight(sightOf(SECRET, NOW));
    expect(await expiryOf(client, partition, key)).toBeUndefined();
  });

  test('an item that cannot be read is counted and left out', async () => {
    const { client, store, unreadable } = await open();
    const pk = { S: SECRET.arn };
    await store.recordChange({ secretArn: SECRET.arn, kind: 'rotation-off', at: NOW });
    const Item = { pk, sk: { S: 'change#2026-01-01T00:00:00.000Z#created' }, body: { S: '{"kind":"?"}' } };
    await client.send(new PutItemCommand({ TableName: TABLE, Item }));
    expect(await store.changes(SECRET.arn)).toHaveLength(1);
    expect(unreadable).toEqual(['change']);
  });

  test('a refused call is an error of the port', async () => {
    const { simulator, store } = await open();
    simulator.faults.add({ kind: 'server-error', probability: 1 });
    await expect(store.changes(SECRET.arn)).rejects.toThrow(StoreError);
    await expect(store.writeSight(sightOf(SECRET, NOW))).rejects.toThrow(StoreError);
    await expect(store.sights(TARGET)).rejects.toThrow(StoreError);
  });
});
