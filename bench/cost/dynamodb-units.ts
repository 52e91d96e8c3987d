import * as z from 'zod';

/** Request units that DynamoDB bills on demand. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
export interface RequestUnits {
  readonly reads: number;
  readonly writes: number;
}

/** A call on its way: the operation, what was sent and what came back. */
export interface DynamoDbCall {
  readonly operation: string;
  readonly input: unknown;
  readonly status: number;
  readonly output: unknown;
}

const WRITES: readonly string[] = ['PutItem', 'UpdateItem', 'DeleteItem'];
/** Attributes of which each puts the item into one more index. */
const INDEXED = ['open', 'undelivered'] as const;

const sent = z.object({ Item: z.record(z.string(), z.unknown()).optional() });
const answered = z.object({ ConsumedCapacity: z.object({ CapacityUnits: z.number() }) });

/**
 * Returns the units of one call. The embedded DynamoDB counts the units of the table; each index that holds the written
 * item takes as many again. A write whose condition fails takes one unit, as the items that conditions guard here are
 * small.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function requestUnits({ operation, input, status, output }: DynamoDbCall): RequestUnits {
  const isWrite = WRITES.includes(operation);
  if (status !== 200) return { reads: 0, writes: isWrite ? 1 : 0 };
  const units = answered.parse(output).ConsumedCapacity.CapacityUnits;
  if (!isWrite) return { reads: units, writes: 0 };
  const { Item = {} } = sent.parse(input);
  const indexes = INDEXED.filter((name) => name in Item).length;
  return { reads: 0, writes: units * (1 + indexes) };
}
