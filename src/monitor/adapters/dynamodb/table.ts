import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** Sparse index of the states that every sweep looks at, those with an open alert among them: partition = account and region. */
export const OPEN_INDEX = 'open';
/** Sparse index of the states with something to say: one partition. */
export const UNDELIVERED_INDEX = 'undelivered';
/** The one value of the partition key of {@link UNDELIVERED_INDEX}. */
export const UNDELIVERED = 'undelivered';
const KEYS: Pick<CreateTableCommandInput, 'BillingMode' | 'KeySchema'> = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};

/**
 * The table of leases, which applications write: apart from what the monitor remembers, because IAM can separate
 * partitions of a table but not sort keys. It has no index: what one consumer writes is found nowhere else.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export const leaseTableDefinition = (tableName: string): CreateTableCommandInput => ({
  TableName: tableName,
  ...KEYS,
  AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
});

/** The table of what the monitor remembers: what is deployed, and what tests create. */
export const tableDefinition = (tableName: string): CreateTableCommandInput => ({
  TableName: tableName,
  ...KEYS,
  AttributeDefinitions: ['pk', 'sk', 'open', 'undelivered'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  GlobalSecondaryIndexes: [OPEN_INDEX, UNDELIVERED_INDEX].map((IndexName) => ({
    IndexName,
    KeySchema: [
      { AttributeName: IndexName, KeyType: 'HASH' as const },
      { AttributeName: 'pk', KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'ALL' as const },
  })),
});
