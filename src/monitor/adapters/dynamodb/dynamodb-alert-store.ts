import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SECOND } from '../../../calendar/instant.ts';
import { targetKey } from '../../domain/secret/secret.ts';
import type { AlertStore } from '../../ports/store/alert-store.ts';
import { ATTEMPT_PREFIX, attemptOf, attemptUpdate } from './attempt-item.ts';
import { groupRecords } from './group-records.ts';
import { inspectionItem, inspectionOf } from './inspection-item.ts';
import { type Item, stateItem, stateOf, sweepItem, sweepOf, targetItem, targetOf } from './state-item.ts';
import { OPEN_INDEX, UNDELIVERED, UNDELIVERED_INDEX } from './table.ts';
import { tableAccess } from './table-access.ts';

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
    forEachUndelivered: (take) =>
      table.eachPage(UNDELIVERED_INDEX, UNDELIVERED, async (page) => take(page.map(stateOf))),
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
    ...groupRecords(table),
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
