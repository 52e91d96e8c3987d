import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { SECOND } from '../../src/calendar/instant.ts';
import { dynamodbLeaseStore } from '../../src/monitor/adapters/dynamodb/dynamodb-lease-store.ts';
import { leaseTableDefinition } from '../../src/monitor/adapters/dynamodb/table.ts';
import { memoryLeaseStore } from '../../src/monitor/adapters/memory/memory-lease-store.ts';
import { LeaseError } from '../../src/monitor/ports/store/lease-store.ts';
import { aLease, NOW, PREVIOUS } from '../support/builders.ts';
import { named } from '../support/secrets.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { leaseStoreContract } from './lease-store.suite.ts';

describe('memoryLeaseStore', () => {
  leaseStoreContract(async () => {
    const store = memoryLeaseStore();
    return { store, write: async (arn, lease) => store.put(arn, lease) };
  });
});

const TABLE = 'rotation-leases';
const ARN = named('prod/db').arn;

/** The table, and a consumer that writes items as it likes. */
async function aTable() {
  const simulator = aSimulator();
  await simulator.call('dynamodb', 'CreateTable', { ...leaseTableDefinition(TABLE) }, 'deployer');
  const client = new DynamoDBClient(sdk(simulator));
  const put = (sk: string, item: object) =>
    client.send(new PutItemCommand({ TableName: TABLE, Item: { pk: { S: ARN }, sk: { S: sk }, ...item } }));
  return { simulator, client, put, store: dynamodbLeaseStore(client, TABLE) };
}

const time = (epoch: number) => ({ N: String(epoch) });
const ITEM = {
  expiresAt: time((NOW + 60 * SECOND) / SECOND),
  confirmedVersionId: { S: PREVIOUS },
  confirmedAt: time(NOW),
};

describe('dynamodbLeaseStore', () => {
  leaseStoreContract(async () => {
    const { client, store } = await aTable();
    return {
      store,
      write: async (arn, { consumer, expiresAt, confirmedVersionId, confirmedAt }) => {
        const Item = {
          pk: { S: arn },
          sk: { S: `lease#${consumer}` },
          expiresAt: time(expiresAt / SECOND),
          confirmedVersionId: { S: confirmedVersionId },
          confirmedAt: time(confirmedAt),
        };
        await client.send(new PutItemCommand({ TableName: TABLE, Item }));
      },
    };
  });

  test.each<[string, string, object]>([
    ['no version', 'lease#a', { ...ITEM, confirmedVersionId: undefined }],
    ['a version that is no version id', 'lease#a', { ...ITEM, confirmedVersionId: { S: '<b>x</b>' } }],
    ['no end', 'lease#a', { ...ITEM, expiresAt: undefined }],
    ['an end beyond all dates', 'lease#a', { ...ITEM, expiresAt: time(1e30) }],
    ['no time of confirming', 'lease#a', { ...ITEM, confirmedAt: { S: 'yesterday' } }],
    ['a negative time', 'lease#a', { ...ITEM, confirmedAt: time(-1) }],
    ['no name', 'lease#', ITEM],
    ['a name that is none', 'lease#<!channel>', ITEM],
    ['a name that is too long', `lease#${'x'.repeat(129)}`, ITEM],
    ['another kind of item', 'invalidation#a', ITEM],
  ])('an item with %s is no lease', async (_case, sk, item) => {
    const { put, store } = await aTable();
    await put('lease#good', ITEM);
    await put(sk, Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)));
    expect((await store.leases(ARN)).map(({ consumer }) => consumer)).toEqual(['good']);
  });

  test('a failure says which secret and why, and may be tried again', async () => {
    const { simulator, store } = await aTable();
    simulator.faults.add({ kind: 'throttled', probability: 1 });
    const failure = await store.leases(ARN).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LeaseError);
    expect(failure).toMatchObject({ reason: 'throttled', retryable: true });
    expect(String(failure)).toContain(ARN);
  });

  test('a lease written as the contract says reads as it is', async () => {
    const { put, store } = await aTable();
    await put('lease#orders-7', ITEM);
    const expected = { confirmedAt: NOW, expiresAt: NOW + 60 * SECOND };
    expect(await store.leases(ARN)).toEqual([{ ...aLease(), ...expected }]);
  });
});
