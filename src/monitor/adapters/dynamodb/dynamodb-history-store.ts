import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DAY, type Instant, SECOND } from '../../../calendar/instant.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import { type SecretArn, splitSecretArn, type Target, targetKey } from '../../domain/secret/secret.ts';
import type { HistoryStore } from '../../ports/store/history-store.ts';
import {
  auditRecord,
  changeEntry,
  exceptionRecord,
  populationCount,
  populationRecord,
  secretSight,
} from '../aws/record/history-schemas.ts';
import { type Reader, readJson } from '../aws/record/schema.ts';
import type { OnUnreadable } from './dynamodb-alert-store.ts';
import type { Item } from './state-item.ts';
import { tableAccess } from './table-access.ts';

/** Time that attempts are kept: a yearly audit finds all of them. */
const KEPT_MS: number = 400 * DAY;
/** Beginning of the sort keys of changes; the time behind it sorts them. */
const CHANGE = 'change#';
const COUNT = 'count#';
const EXCEPTION = 'exception#';

const partitionOf = (target: Target): string => `history#${targetKey(target)}`;

/** Keeps history in the monitor's table; every record is one item, and each is written only when something changed. */
export function dynamodbHistoryStore(
  client: DynamoDBClient,
  tableName: string,
  onUnreadable: OnUnreadable = () => undefined,
): HistoryStore {
  const table = tableAccess(client, tableName);
  const reading =
    <T>(kind: string, read: Reader<T>) =>
    (item: Item): readonly T[] => {
      const value = readJson(item['body']?.S, read);
      if (value === undefined) onUnreadable(kind);
      return value === undefined ? [] : [value];
    };
  const one = async <T>(pk: string, sk: string, read: (item: Item) => readonly T[]) => {
    const item = await table.get(pk, sk);
    return item && read(item)[0];
  };
  const sightsIn = reading('sight', secretSight);
  return {
    async recordChange(entry) {
      const sk = `${CHANGE}${formatMs(entry.at)}#${entry.kind}`;
      await table.put({ Item: itemOf({ pk: entry.secretArn, sk }, entry, entry.at) });
    },
    changes: async (arn) => (await table.queryKeys(arn, CHANGE)).flatMap(reading('change', changeEntry)),
    readSight: (target, hash) => one(partitionOf(target), `sight#${hash}`, sightsIn),
    async writeSight(sight) {
      const key = { pk: partitionOf(sight), sk: `sight#${arnHash(sight.arn)}` };
      await table.put({ Item: itemOf(key, sight, sight.deletedAt) });
    },
    async sights(target, after) {
      const command = new QueryCommand({
        TableName: tableName,
        ...withPrefix(target, 'sight#'),
        ...(after === undefined
          ? {}
          : { ExclusiveStartKey: { pk: { S: partitionOf(target) }, sk: { S: after } } }),
      });
      const { Items = [], LastEvaluatedKey } = await table.run(`query table "${tableName}"`, () =>
        client.send(command),
      );
      return { sights: Items.flatMap(sightsIn), next: LastEvaluatedKey?.['sk']?.S };
    },
    async writeException(record) {
      const { id, secretArn, until, endedAt, revision } = record;
      const key = { pk: partitionOf(splitSecretArn(secretArn)), sk: `${exceptionsOf(secretArn)}${id}` };
      const next = { ...record, revision: revision + 1 };
      const item = { ...itemOf(key, next, endedAt ?? until), revision: { N: String(next.revision) } };
      return table.putRevised(item, revision);
    },
    async exceptions(of) {
      const [pk, prefix] =
        typeof of === 'string'
          ? [partitionOf(splitSecretArn(of)), exceptionsOf(of)]
          : [partitionOf(of), EXCEPTION];
      const found = (await table.queryKeys(pk, prefix)).flatMap(reading('exception', exceptionRecord));
      return typeof of === 'string' ? found.filter(({ secretArn }) => secretArn === of) : found;
    },
    readPopulation: (target) =>
      one(partitionOf(target), 'population', reading('population', populationRecord)),
    async writePopulation(record) {
      await table.put({ Item: itemOf({ pk: partitionOf(record), sk: 'population' }, record, undefined) });
    },
    readAudits: (home) => one(partitionOf(home), 'audits', reading('audits', auditRecord)),
    async writeAudits(home, record) {
      await table.put({ Item: itemOf({ pk: partitionOf(home), sk: 'audits' }, record, undefined) });
    },
    async recordCount(target, count) {
      const key = { pk: partitionOf(target), sk: `${COUNT}${formatMs(count.at)}` };
      await table.put({ Item: itemOf(key, count, count.at) });
    },
    counts: async (target, from, until) =>
      (await table.queryKeys(partitionOf(target), COUNT))
        .flatMap(reading('count', populationCount))
        .filter(({ at }) => at >= from && at <= until),
  };
}

/** Beginning of the sort keys of one secret's exceptions. */
const exceptionsOf = (secretArn: SecretArn): string => `${EXCEPTION}${arnHash(secretArn)}#`;

/** Sorts as text; milliseconds are kept, so that two changes within a second stay apart. */
const formatMs = (at: Instant): string => new Date(at).toISOString();

/** `keptFrom` is the moment that the 400 days are counted from; undefined for what is kept as long as it holds. */
const itemOf = (key: { pk: string; sk: string }, body: object, keptFrom: Instant | undefined): Item => ({
  pk: { S: key.pk },
  sk: { S: key.sk },
  body: { S: JSON.stringify(body) },
  ...(keptFrom === undefined ? {} : { expiresAt: { N: String(Math.ceil((keptFrom + KEPT_MS) / SECOND)) } }),
});

const withPrefix = (target: Target, prefix: string) => ({
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: { ':pk': { S: partitionOf(target) }, ':prefix': { S: prefix } },
});
