import type { Item } from './values/attribute-value.ts';
import { itemBytes } from './values/size.ts';

/** The part of a request that asks for what it consumed. */
export interface Consuming {
  readonly TableName: string;
  readonly ReturnConsumedCapacity: 'INDEXES' | 'TOTAL' | 'NONE';
}

/** Bytes of one unit. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const UNIT = { read: 4096, write: 1024 } as const;

/**
 * Returns the capacity consumed by reading `items` together, if the request asks; an eventually consistent read costs
 * half.
 */
export function readUnits(
  request: Consuming & { readonly ConsistentRead: boolean },
  items: readonly Item[],
): object {
  const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0);
  const units = Math.max(1, Math.ceil(bytes / UNIT.read));
  return consumed(request, request.ConsistentRead ? units : units / 2);
}

/** Returns the capacity a write consumed of the table itself, if the request asks: that of the larger item. */
export function writeUnits(request: Consuming, before: Item | undefined, after: Item | undefined): object {
  const bytes = Math.max(...[before, after].map((item) => (item === undefined ? 0 : itemBytes(item))));
  return consumed(request, Math.max(1, Math.ceil(bytes / UNIT.write)));
}

function consumed({ TableName, ReturnConsumedCapacity }: Consuming, CapacityUnits: number): object {
  if (ReturnConsumedCapacity === 'NONE') return {};
  const Table = ReturnConsumedCapacity === 'INDEXES' ? { Table: { CapacityUnits } } : {};
  return { ConsumedCapacity: { TableName, CapacityUnits, ...Table } };
}
