import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SECOND } from '../../../calendar/instant.ts';
import { targetKey } from '../../domain/secret/secret.ts';
import type { AlertStore } from '../../ports/store/alert-store.ts';
import { ATTEMPT_PREFIX, attemptOf, attemptUpdate } from './attempt-item.ts';
import { groupRecords } from './group-records.ts';
import { inspectionItem, inspectionOf } from './inspection-item.ts';
import { type Item, revised, sweepItem, sweepOf, targetItem, targetOf } from './state-item.ts';
import { stateRecords } from './state-records.ts';
import { tableAccess } from './table-access.ts';

/** Hears of an item that cannot be read: what it was about is judged anew. */
export type OnUnreadable = (kind: string) => void;

/**
 * Remembers everything in one DynamoDB table; every change is one conditional write of one item. What cannot be read is
 * told to `onUnreadable` and left out, so that it takes nothing else along.
 */
export function dynamodbAlertStore(
  client: DynamoDBClient,
  tableName: string,
  onUnreadable: OnUnreadable = () => undefined,
): AlertStore {
  const table = tableAccess(client, tableName);
  const states = stateRecords(table, onUnreadable);
  /** Reads one item; undefined where there is none, or none that can be read. */
  const readable = async <T>(kind: string, key: Item, read: (item: Item) => T | undefined) => {
    const item = await table.getByKey(key);
    const value = item && read(item);
    if (item !== undefined && value === undefined) onUnreadable(kind);
    return value;
  };
  return {
    ...states,
    async readTarget(target) {
      const item = await table.get(`target#${targetKey(target)}`, 'target');
      if (item === undefined) return undefined;
      const { record, isRead } = targetOf(item, target);
      if (!isRead) onUnreadable('target');
      return record;
    },
    writeTarget: (record) => table.putRevised(targetItem(revised(record)), record.revision),
    readSweep: (target) =>
      readable('sweep', { pk: { S: `target#${targetKey(target)}` }, sk: { S: 'sweep' } }, sweepOf),
    async writeSweep(record) {
      await table.put({ Item: sweepItem(record) });
    },
    async recordAttempt(entry) {
      await table.run('record an attempt', () =>
        client.send(new UpdateItemCommand(attemptUpdate(tableName, entry))),
      );
    },
    attempts: async (arn) => (await table.queryKeys(arn, ATTEMPT_PREFIX)).map(attemptOf),
    ...groupRecords(table, onUnreadable),
    readInspection: (functionArn) =>
      readable('inspection', { pk: { S: `function#${functionArn}` }, sk: { S: 'inspection' } }, inspectionOf),
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
