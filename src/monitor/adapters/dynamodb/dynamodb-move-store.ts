import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DAY, type Instant, instant, SECOND } from '../../../calendar/instant.ts';
import type { MoveRecord } from '../../domain/rotation/move.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MoveStore } from '../../ports/store/move-store.ts';
import { flag, object, optional, past, readStored, text } from '../aws/record/schema.ts';
import type { Item } from './state-item.ts';
import { tableAccess } from './table-access.ts';

/** Sort key of the last move of a secret. */
const MOVE = 'move';
/** Longer than a year, so that a secret that rotates once a year keeps its record. */
const KEPT_MS = 400 * DAY;

/** The clock of a store of moves, and its callback for unreadable items. */
export interface MoveStoreOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Called with every item that cannot be read. */
  readonly onUnreadable: (kind: string) => void;
}

/** Remembers the last move of each secret in the monitor's table. */
export function dynamodbMoveStore(
  client: DynamoDBClient,
  tableName: string,
  { clock, onUnreadable }: MoveStoreOptions,
): MoveStore {
  const table = tableAccess(client, tableName);
  return {
    async readMove(arn) {
      const item = await table.get(arn, MOVE);
      if (item === undefined) return undefined;
      const move = moveOf(arn, item, clock.now());
      if (move === undefined) onUnreadable('move');
      return move ?? unreadable(arn, item);
    },
    writeMove: (record) =>
      table.put({
        Item: moveItem({ ...record, revision: record.revision + 1 }),
        ...(record.revision === 0
          ? {
              // An item without a revision that we could have written is none of ours.
              ConditionExpression:
                'attribute_not_exists(revision) OR NOT attribute_type(revision, :number) OR revision < :first OR revision > :last',
              ExpressionAttributeValues: {
                ':number': { S: 'N' },
                ':first': { N: '1' },
                ':last': { N: String(Number.MAX_SAFE_INTEGER) },
              },
            }
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

/** Returns an empty record for a move whose item cannot be read, so that the secret is judged again. */
const unreadable = (secretArn: SecretArn, item: Item): MoveRecord => ({
  secretArn,
  revision: revisionIn(item),
  versionId: '',
  previousVersionId: undefined,
  changedAt: instant(0),
  sequence: 0,
  isTold: true,
  asOf: undefined,
});

function revisionIn(item: Item): number {
  const revision = Number(item['revision']?.N ?? 0);
  return revision >= 1 && revision <= Number.MAX_SAFE_INTEGER ? revision : 0;
}

const move = object<Omit<MoveRecord, 'secretArn' | 'revision'>>({
  versionId: text,
  previousVersionId: optional(text),
  changedAt: past,
  sequence: past,
  isTold: flag,
  asOf: optional(past),
});

/** The move that an item holds; undefined where it cannot be read, or lies ahead: no true one would be reported. */
function moveOf(secretArn: SecretArn, item: Item, now: Instant): MoveRecord | undefined {
  const stored = readStored(() => plain(item), move, { now });
  return stored && { ...stored, secretArn, revision: revisionIn(item) };
}

/** The values of an item that are texts, numbers or yes or no. */
const plain = (item: Item): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(item).map(([name, { S, N, BOOL }]) => [
      name,
      S ?? BOOL ?? (N === undefined ? N : Number(N)),
    ]),
  );
