import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** Sparse index of the states that every sweep looks at, those with an open alert among them: partition = account and region. */
export const OPEN_INDEX = 'open';
/** Sparse index of the states with something to say: one partition. */
export const UNDELIVERED_INDEX = 'undelivered';
/** The one value of the partition key of {@link UNDELIVERED_INDEX}. */
export const UNDELIVERED = 'undelivered';
/** The one table: what infra deploys and the embedded AWS creates. */
export const tableDefinition = (tableName: string): CreateTableCommandInput => ({
  TableName: tableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'open', 'undelivered'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [OPEN_INDEX, UNDELIVERED_INDEX].map((IndexName) => ({
    IndexName,
    KeySchema: [
      { AttributeName: IndexName, KeyType: 'HASH' as const },
      { AttributeName: 'pk', KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'ALL' as const },
  })),
});
