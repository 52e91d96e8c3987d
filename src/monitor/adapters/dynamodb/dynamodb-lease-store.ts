import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { LeaseError, type LeaseStore } from '../../ports/store/lease-store.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';
import { LEASE_PREFIX, leaseOf } from './lease-item.ts';

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
