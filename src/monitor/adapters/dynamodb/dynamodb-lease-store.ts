import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { type Instant, instant, SECOND } from '../../../calendar/instant.ts';
import type { ConsumerLease } from '../../domain/secret/consumer-lease.ts';
import { isVersionId } from '../../domain/secret/version-stage.ts';
import { LeaseError, type LeaseStore } from '../../ports/store/lease-store.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import type { Item } from './state-item.ts';

/** More consumers than a message could name; one query reads them, whatever is written. */
const MOST_LEASES = 1000;

/** Reads the leases that consumers write into a table of their own, as `docs/leases.md` describes. */
export const dynamodbLeaseStore = (client: DynamoDBClient, tableName: string): LeaseStore => ({
  async leases(arn) {
    const query = new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': { S: arn }, ':prefix': { S: LEASE_PREFIX } },
      Limit: MOST_LEASES,
    });
    try {
      const { Items = [] } = await client.send(query);
      return Items.flatMap((item) => leaseOf(item) ?? []);
    } catch (error) {
      throw new LeaseError(`Cannot read the leases of "${arn}": ${describeFailure(error)}`, {
        ...failureOf(error),
        cause: error,
      });
    }
  },
});

/** Sort keys of leases: this and the name of the consumer. */
const LEASE_PREFIX = 'lease#';

/** Form of consumer names: they appear in messages. */
const CONSUMER = /^[\w.:@/=+-]{1,128}$/;

/** The lease an item holds; undefined for one that is not written as it should be: others than the monitor write them. */
function leaseOf(item: Item): ConsumerLease | undefined {
  const consumer = (item['sk']?.S ?? '').slice(LEASE_PREFIX.length);
  const confirmedVersionId = item['confirmedVersionId']?.S ?? '';
  const expiresAt = timeOf(item, 'expiresAt', SECOND);
  const confirmedAt = timeOf(item, 'confirmedAt', 1);
  if (!CONSUMER.test(consumer) || !isVersionId(confirmedVersionId)) return undefined;
  if (expiresAt === undefined || confirmedAt === undefined) return undefined;
  return { consumer, expiresAt, confirmedVersionId, confirmedAt };
}

/** Later than any lease, and well within what dates can be. */
const LATEST = 1e14;

function timeOf(item: Item, name: string, unitMs: number): Instant | undefined {
  const epochMs = Number(item[name]?.N ?? Number.NaN) * unitMs;
  return epochMs >= 0 && epochMs <= LATEST ? instant(epochMs) : undefined;
}
