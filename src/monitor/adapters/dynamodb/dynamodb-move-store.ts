import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DAY, instant, SECOND } from '../../../calendar/instant.ts';
import type { MoveRecord } from '../../domain/rotation/move.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import type { MoveStore } from '../../ports/store/move-store.ts';
import type { Item } from './state-item.ts';
import { tableAccess } from './table-access.ts';

/** Sort key of the last move of a secret. */
const MOVE = 'move';
/** Longer than a year, so that a secret that rotates once a year keeps its record. */
const KEPT_MS = 400 * DAY;

/** Remembers the last move of each secret in the monitor's table. */
export function dynamodbMoveStore(client: DynamoDBClient, tableName: string): MoveStore {
  const table = tableAccess(client, tableName);
  return {
    async readMove(arn) {
      const item = await table.get(arn, MOVE);
      return item && moveOf(arn, item);
    },
    writeMove: (record) =>
      table.put({
        Item: moveItem({ ...record, revision: record.revision + 1 }),
        ...(record.revision === 0
          ? // An item that has no revision is none of ours.
            { ConditionExpression: 'attribute_not_exists(revision)' }
          : {
              ConditionExpression: 'revision = :revision',
              ExpressionAttributeValues: { ':revision': { N: String(record.revision) } },
            }),
      }),
  };
}

const moveItem = (record: MoveRecord): Item => ({
  pk: { S: record.secretArn },
  sk: { S: MOVE },
  revision: { N: String(record.revision) },
  versionId: { S: record.versionId },
  ...(record.previousVersionId === undefined ? {} : { previousVersionId: { S: record.previousVersionId } }),
  changedAt: { N: String(record.changedAt) },
  sequence: { N: String(record.sequence) },
  isTold: { BOOL: record.isTold },
  ...(record.asOf === undefined ? {} : { asOf: { N: String(record.asOf) } }),
  expiresAt: { N: String(Math.ceil((record.changedAt + KEPT_MS) / SECOND)) },
});

/** The move an item holds. What cannot be read counts as never told, so that the secret is judged anew. */
const moveOf = (secretArn: SecretArn, item: Item): MoveRecord => ({
  secretArn,
  revision: numberIn(item, 'revision'),
  versionId: item['versionId']?.S ?? '',
  previousVersionId: item['previousVersionId']?.S,
  changedAt: instant(numberIn(item, 'changedAt')),
  sequence: numberIn(item, 'sequence'),
  isTold: item['isTold']?.BOOL ?? true,
  asOf: item['asOf'] === undefined ? undefined : instant(numberIn(item, 'asOf')),
});

function numberIn(item: Item, name: string): number {
  const value = Number(item[name]?.N ?? 0);
  return Number.isSafeInteger(value) ? value : 0;
}
