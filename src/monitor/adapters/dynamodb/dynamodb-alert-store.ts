import {
  type AttributeValue,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { DAY, HOUR, type Instant, SECOND } from '../../../calendar/instant.ts';
import type { FunctionInspection } from '../../domain/examine/function-inspection.ts';
import { targetKey } from '../../domain/secret/secret.ts';
import type { SecretState, TargetRecord } from '../../domain/state/secret-state.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AlertStore } from '../../ports/store/alert-store.ts';
import type { Attempt, AttemptEntry } from '../../ports/store/attempt-store.ts';
import { inspection } from '../aws/record/record-schemas.ts';
import { optional, type ReadingGiven, readJson, readStored, time } from '../aws/record/schema.ts';
import { groupRecords, type ReadItem } from './group-records.ts';
import {
  type Item,
  revised,
  stateItem,
  stateOf,
  sweepItem,
  sweepOf,
  targetItem,
  targetOf,
  unreadState,
} from './state-item.ts';
import { OPEN_INDEX, UNDELIVERED, UNDELIVERED_INDEX } from './table.ts';
import { type TableAccess, tableAccess } from './table-access.ts';

/** Called with an item that cannot be read: what it was about is judged again. */
export type OnUnreadable = (kind: string) => void;

/**
 * Remembers everything in one DynamoDB table; every change is one conditional write of one item. What cannot be read is
 * reported to `onUnreadable` and left out, so that it takes nothing else along; so is what lies ahead by the clock.
 */
export function dynamodbAlertStore(
  client: DynamoDBClient,
  tableName: string,
  onUnreadable: OnUnreadable = () => undefined,
  clock?: Pick<Clock, 'now'>,
): AlertStore {
  const table = tableAccess(client, tableName);
  const readItem = itemReader(onUnreadable, clock);
  const states = stateRecords(table, readItem);
  /** Reads one item; undefined where there is none, or none that can be read. */
  const readable = async <T>(
    kind: string,
    key: Item,
    read: (item: Item, given: ReadingGiven) => T | undefined,
  ) => {
    const item = await table.getByKey(key);
    return item && readItem(kind, (given) => read(item, given));
  };
  return {
    ...states,
    async readTarget(target) {
      const item = await table.get(`target#${targetKey(target)}`, 'target');
      if (item === undefined) return undefined;
      let found: TargetRecord | undefined;
      readItem('target', (given) => {
        const { record, isRead } = targetOf(item, target, given);
        found = record;
        return isRead ? record : undefined;
      });
      return found;
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
    ...groupRecords(table, readItem),
    readInspection: (functionArn) =>
      readable('inspection', { pk: { S: `function#${functionArn}` }, sk: { S: 'inspection' } }, inspectionOf),
    async writeInspection(inspection) {
      await table.put({ Item: inspectionItem(inspection) });
    },
    acquireLock: async ({ name, holder, now, until }) =>
      (await table.put({
        Item: {
          ...lockKey(name),
          holder: { S: holder },
          until: { N: String(until) },
          expiresAt: seconds(until),
        },
        // No lock is held for longer than a day: one that ends later, or at no time, is none of ours.
        ConditionExpression:
          'attribute_not_exists(pk) OR holder = :holder OR #until <= :now OR #until > :latest OR NOT attribute_type(#until, :number)',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: {
          ':holder': { S: holder },
          ':now': { N: String(now) },
          ':latest': { N: String(now + DAY) },
          ':number': { S: 'N' },
        },
      })) === 'written',
    releaseLock: ({ name, holder }) => table.removeOwn(lockKey(name), holder),
  };
}

/** Reads items by the clock; one that cannot be read, or not all of it, is reported once. */
const itemReader =
  (onUnreadable: OnUnreadable, clock: Pick<Clock, 'now'> | undefined): ReadItem =>
  (kind, read) => {
    let isWhole = true;
    const onDropped = (): void => {
      isWhole = false;
    };
    const value = read({ now: clock?.now(), onDropped });
    if (value === undefined || !isWhole) onUnreadable(kind);
    return value;
  };

const lockKey = (name: string): Item => ({ pk: { S: `lock#${name}` }, sk: { S: 'lock' } });

const seconds = (epochMs: number): { N: string } => ({ N: String(Math.ceil(epochMs / SECOND)) });

/** Attempts are kept this long, so that a yearly audit finds all of them. */
const KEEP_MS = 400 * DAY;
/** Start of the sort keys of attempts. */
const ATTEMPT_PREFIX = 'attempt#';

/** The update that adds an event to its attempt; making it twice changes nothing. */
function attemptUpdate(tableName: string, entry: AttemptEntry): UpdateItemCommandInput {
  const { secretArn, versionId, eventId, at } = entry;
  const when = { N: String(at) };
  const expiry = { N: String(Math.ceil((at + KEEP_MS) / SECOND)) };
  const key = { pk: { S: secretArn }, sk: { S: `${ATTEMPT_PREFIX}${versionId ?? `unknown#${eventId}`}` } };
  if (entry.kind === 'failed') {
    const failure = { SS: [`${at} ${eventId} ${entry.step ?? ''}`] };
    return {
      TableName: tableName,
      Key: key,
      UpdateExpression: 'SET expiresAt = :expiry ADD failures :failure',
      ExpressionAttributeValues: { ':expiry': expiry, ':failure': failure },
    };
  }
  return {
    TableName: tableName,
    Key: key,
    UpdateExpression: 'SET #at = if_not_exists(#at, :at), expiresAt = :expiry',
    ExpressionAttributeNames: { '#at': `${entry.kind}At` },
    ExpressionAttributeValues: { ':at': when, ':expiry': expiry },
  };
}

/** The attempt an item holds. */
function attemptOf(item: Item): Attempt {
  return {
    versionId: (item['sk']?.S ?? '').slice(ATTEMPT_PREFIX.length),
    startedAt: instantOf(item['startedAt']),
    succeededAt: instantOf(item['succeededAt']),
    abandonedAt: instantOf(item['abandonedAt']),
    failures: (item['failures']?.SS ?? []).flatMap(failureOf).sort((a, b) => a.at - b.at),
  };
}

const instantOf = (value: AttributeValue | undefined): Instant | undefined =>
  readStored(() => (value?.N === undefined ? undefined : Number(value.N)), optional(time));

/** A failure out of its text; none where it is not written as it should be. */
function failureOf(text: string): readonly Attempt['failures'][number][] {
  const [written, , step] = text.split(' ');
  const at = readStored(() => Number(written), time);
  return at === undefined ? [] : [{ at, step: step === '' ? undefined : step }];
}

/** The item of the last look at a rotation function; forgotten after an hour. */
const inspectionItem = (seen: FunctionInspection): Item => ({
  pk: { S: `function#${seen.functionArn}` },
  sk: { S: 'inspection' },
  body: { S: JSON.stringify(seen) },
  expiresAt: { N: String(Math.ceil((seen.at + HOUR) / SECOND)) },
});

/** The inspection an item holds; undefined when it cannot be read. */
export const inspectionOf = (item: Item, given?: ReadingGiven): FunctionInspection | undefined =>
  readJson(item['body']?.S, inspection, given);

type StateStore = Pick<AlertStore, 'read' | 'write' | 'open' | 'undelivered' | 'forEachUndelivered'>;

/** States. One that cannot be read is open and empty until the next sweep has judged what it was about. */
function stateRecords(table: TableAccess, readItem: ReadItem): StateStore {
  const readOr = (item: Item): SecretState | undefined =>
    readItem('state', (given) => stateOf(item, given)) ?? unreadState(item);
  const write: StateStore['write'] = (state) => table.putRevised(stateItem(revised(state)), state.revision);
  /** Has nothing to say any longer, but has to be looked at. */
  const undeliveredOf = async (items: readonly Item[]): Promise<readonly SecretState[]> => {
    const states = items.flatMap((item) => readOr(item) ?? []);
    for (const state of states) if (state.unread === true) await write(state);
    return states.filter(({ unread }) => unread !== true);
  };
  return {
    async read(subject) {
      const item = await table.get(subject, 'state');
      return item && readOr(item);
    },
    write,
    open: async (target) =>
      (await table.queryIndex(OPEN_INDEX, targetKey(target), readOr))
        .flatMap((state) => state ?? [])
        .filter((state) => targetKey(state) === targetKey(target)),
    async undelivered() {
      const found: SecretState[] = [];
      await table.eachPage(UNDELIVERED_INDEX, UNDELIVERED, async (page) => {
        found.push(...(await undeliveredOf(page)));
      });
      return found;
    },
    forEachUndelivered: (take) =>
      table.eachPage(UNDELIVERED_INDEX, UNDELIVERED, async (page) => take(await undeliveredOf(page))),
  };
}
