import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../src/calendar/instant.ts';
import { dynamodbMoveStore } from '../../src/monitor/adapters/dynamodb/dynamodb-move-store.ts';
import { tableDefinition } from '../../src/monitor/adapters/dynamodb/table.ts';
import { memoryMoveStore } from '../../src/monitor/adapters/memory/memory-move-store.ts';
import type { MoveRecord } from '../../src/monitor/domain/rotation/move.ts';
import type { MoveStore } from '../../src/monitor/ports/store/move-store.ts';
import { StoreError } from '../../src/monitor/ports/store/store-error.ts';
import { CURRENT, NOW, PENDING } from '../support/builders.ts';
import { named } from '../support/secrets.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const ARN = named('prod/db').arn;
const TABLE = 'rotation-monitor';

const move = (given: Partial<MoveRecord> = {}): MoveRecord => ({
  secretArn: ARN,
  versionId: PENDING,
  previousVersionId: CURRENT,
  changedAt: NOW,
  sequence: NOW,
  revision: 0,
  isTold: false,
  asOf: NOW,
  ...given,
});

/** The fields of a move, as an item holds them. */
const WHOLE = {
  revision: { N: '3' },
  versionId: { S: PENDING },
  changedAt: { N: String(NOW) },
  sequence: { N: String(NOW) },
  isTold: { BOOL: true },
};

function moveStoreContract(open: () => Promise<MoveStore>): void {
  test('a move is read as it was written, one revision later, by its secret alone', async () => {
    const store = await open();
    expect(await store.readMove(ARN)).toBeUndefined();
    expect(await store.writeMove(move())).toBe('written');
    expect(await store.readMove(ARN)).toEqual(move({ revision: 1 }));
    expect(await store.readMove(named('other').arn)).toBeUndefined();
  });

  test('a later move takes the place of the one before', async () => {
    const store = await open();
    await store.writeMove(move());
    const next = move({
      versionId: CURRENT,
      previousVersionId: undefined,
      changedAt: later(NOW, MINUTE),
      sequence: NOW + 1,
      revision: 1,
      isTold: true,
      asOf: undefined,
    });
    expect(await store.writeMove(next)).toBe('written');
    expect(await store.readMove(ARN)).toEqual({ ...next, revision: 2 });
  });

  test('a second writer of the same revision loses and changes nothing', async () => {
    const store = await open();
    await store.writeMove(move());
    expect(await store.writeMove(move({ versionId: CURRENT }))).toBe('conflict');
    expect(await store.writeMove(move({ versionId: CURRENT, revision: 2 }))).toBe('conflict');
    expect(await store.readMove(ARN)).toMatchObject({ versionId: PENDING, revision: 1 });
  });
}

describe('memoryMoveStore', () => {
  moveStoreContract(async () => memoryMoveStore());
});

describe('dynamodbMoveStore', () => {
  const open = async () => {
    const simulator = aSimulator();
    await simulator.call('dynamodb', 'CreateTable', { ...tableDefinition(TABLE) }, 'deployer');
    const client = new DynamoDBClient(sdk(simulator));
    const unreadable: string[] = [];
    const onUnreadable = (kind: string) => void unreadable.push(kind);
    const store = dynamodbMoveStore(client, TABLE, { clock: { now: () => NOW }, onUnreadable });
    return { simulator, client, store, unreadable };
  };
  moveStoreContract(async () => (await open()).store);

  test.each<[string, object]>([
    ['nothing of ours', {}],
    ['fields of other types', { versionId: { N: '1' }, changedAt: { S: 'today' }, sequence: { N: '1e100' } }],
    ['a revision that is a text', { ...WHOLE, revision: { S: 'x' }, changedAt: { N: '-1e40' } }],
    ['a revision of 0', { ...WHOLE, revision: { N: '0' }, isTold: { S: 'no' } }],
    ['a revision beyond all numbers', { ...WHOLE, revision: { N: '1e40' }, versionId: { N: '1' } }],
    ['a time that is none', { ...WHOLE, changedAt: { N: '8640000000000001' } }],
    ['a time that has not come', { ...WHOLE, changedAt: { N: String(later(NOW, 2 * DAY)) } }],
    ['a look that has not come', { ...WHOLE, asOf: { N: String(later(NOW, 2 * DAY)) } }],
    ['a sequence that nothing can follow', { ...WHOLE, sequence: { N: '9007199254740991' } }],
  ])('an item with %s is counted, counts as never reported, and is replaced', async (_case, item) => {
    const { client, store, unreadable } = await open();
    const Item = { pk: { S: ARN }, sk: { S: 'move' }, ...item };
    await client.send(new PutItemCommand({ TableName: TABLE, Item }));
    const read = await store.readMove(ARN);
    expect(read).toMatchObject({ versionId: '', changedAt: 0, sequence: 0, isTold: true });
    expect(await store.writeMove(move({ revision: read?.revision ?? -1 }))).toBe('written');
    expect(unreadable).toEqual(['move']);
    expect(await store.readMove(ARN)).toMatchObject({ versionId: PENDING });
  });

  test('a refused call is an error of the port', async () => {
    const { simulator, store } = await open();
    simulator.faults.add({ kind: 'server-error', probability: 1 });
    await expect(store.readMove(ARN)).rejects.toThrow(StoreError);
    await expect(store.writeMove(move())).rejects.toThrow(StoreError);
  });
});
