import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamodbAlertStore } from '../../src/monitor/adapters/dynamodb/dynamodb-alert-store.ts';
import { tableDefinition } from '../../src/monitor/adapters/dynamodb/table.ts';
import { memoryAlertStore } from '../../src/monitor/adapters/memory/memory-alert-store.ts';
import { freshState } from '../../src/monitor/domain/state/secret-state.ts';
import { aNotification } from '../support/alerts.ts';
import { named } from '../support/secrets.ts';
import { TARGET } from '../support/service.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { alertStoreContract } from './alert-store.suite.ts';

describe('memoryAlertStore', () => {
  alertStoreContract(async () => memoryAlertStore());
});

/** A store with one state to be sent, into which somebody wrote other members. */
async function spoiled(members: object) {
  const simulator = aSimulator();
  await simulator.call('dynamodb', 'CreateTable', { ...tableDefinition('table') }, 'deployer');
  const unreadable: string[] = [];
  const client = new DynamoDBClient(sdk(simulator));
  const store = dynamodbAlertStore(client, 'table', (kind) => void unreadable.push(kind));
  const { arn, name } = named('app/db');
  const finding = aNotification({ secretArn: arn });
  await store.write({ ...freshState(arn, name, TARGET), outbox: [finding] });
  const { Items } = (await simulator.call('dynamodb', 'Scan', { TableName: 'table' }, 'attacker')) as {
    readonly Items: readonly Record<string, { readonly S?: string }>[];
  };
  for (const item of Items) {
    const S = JSON.stringify({ ...JSON.parse(item['body']?.S ?? '{}'), ...members });
    const Item = { ...item, body: { S } };
    await simulator.call('dynamodb', 'PutItem', { TableName: 'table', Item }, 'attacker');
  }
  return { store, arn, finding, unreadable };
}

describe('dynamodbAlertStore', () => {
  alertStoreContract(async () => {
    const simulator = aSimulator();
    await simulator.call('dynamodb', 'CreateTable', { ...tableDefinition('rotation-monitor') }, 'deployer');
    return dynamodbAlertStore(new DynamoDBClient(sdk(simulator)), 'rotation-monitor');
  });

  test.each<[string, object, number]>([
    ['as it was written', {}, 0],
    ['of which a part cannot be read', { evidence: ['x'] }, 1],
    ['that is no state', { subject: 7 }, 1],
  ])('a state %s is counted as often as it is not whole', async (_case, spoilt, counted) => {
    const { store, arn, finding, unreadable } = await spoiled(spoilt);
    const state = await store.read(arn);
    expect(unreadable).toEqual(Array.from({ length: counted }, () => 'state'));
    expect(state?.outbox).toEqual('subject' in spoilt ? [] : [finding]);
  });

  test('a state that cannot be read is sent to nobody, and is open until it was judged anew', async () => {
    const { store, arn } = await spoiled({ subject: 7 });
    expect(await store.undelivered()).toEqual([]);
    expect(await store.open(TARGET)).toMatchObject([{ subject: arn, unread: true, alerts: [] }]);
    const [state] = await store.open(TARGET);
    if (state !== undefined) await store.write({ ...state, unread: undefined });
    expect(await store.open(TARGET)).toEqual([]);
  });
});
