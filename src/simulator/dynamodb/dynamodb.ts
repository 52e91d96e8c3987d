import type { Service } from '../call/service.ts';
import { itemOperations } from './item-operations.ts';
import { pageOperations } from './page-operations.ts';
import { tableOperations } from './table-operations.ts';
import type { Table } from './tables/table.ts';

/**
 * DynamoDB: tables with global secondary indexes, conditional writes, queries and scans, time to live. Transactions,
 * batches, PartiQL, streams, backups and local secondary indexes are not played.
 */
export interface DynamoDb extends Service {
  /**
   * Lets indexes show each later change only after so many milliseconds, asked again each time; 0, as from the
   * beginning, is at once.
   */
  lagIndexes(milliseconds: () => number): void;
}

/** An empty DynamoDB. */
export function createDynamoDb(): DynamoDb {
  const tables = new Map<string, Table>();
  let lag = (): number => 0;
  return {
    operations: {
      ...tableOperations(tables),
      ...itemOperations({ tables, lag: () => lag() }),
      ...pageOperations(tables),
    },
    lagIndexes: (milliseconds) => {
      lag = milliseconds;
    },
  };
}
