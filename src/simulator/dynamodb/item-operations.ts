import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import type { Call, Input, Operation } from '../call/service.ts';
import { readUnits, writeUnits } from './capacity.ts';
import { holds } from './expressions/condition.ts';
import { type Expressions, readExpressions } from './expressions/expressions.ts';
import { project } from './expressions/path.ts';
import { applyUpdate, type Change } from './expressions/read-update.ts';
import {
  commonParameters,
  expression,
  mustBeItem,
  mustBeKey,
  mustBeSmall,
  mustFitIndexes,
  placeholders,
  readRequest,
} from './request.ts';
import { type Tables, tableNamed } from './table-operations.ts';
import { namesOf } from './tables/definition.ts';
import type { Table } from './tables/table.ts';
import { type Item, readItem } from './values/attribute-value.ts';
import { refusal, wrongValue } from './values/refusal.ts';

const writing = z.object({
  ...commonParameters,
  ...placeholders,
  ConditionExpression: expression,
  ReturnValues: z.enum(['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']).default('NONE'),
});
const putting = writing.extend({ Item: z.unknown() });
const deleting = writing.extend({ Key: z.unknown() });
const updating = deleting.extend({ UpdateExpression: expression });
const getting = z.object({
  ...commonParameters,
  Key: z.unknown(),
  ConsistentRead: z.boolean().default(false),
  ProjectionExpression: expression,
  ExpressionAttributeNames: placeholders.ExpressionAttributeNames,
});

/** The parts that all writes share: the tables, and the delay in milliseconds until indexes show a write. */
export interface Writing {
  readonly tables: Tables;
  readonly lag: () => number;
}

/** GetItem, PutItem, UpdateItem and DeleteItem. */
export const itemOperations = (store: Writing): Readonly<Record<string, Operation>> => ({
  GetItem: (input, { now }) => {
    const request = readRequest(getting, input);
    const key = readItem(request.Key);
    const { projection } = readExpressions(request, ['ProjectionExpression']);
    const table = tableNamed(store.tables, request);
    mustBeKey(table, key);
    const item = table.items(now).find(key);
    return {
      ...(item === undefined ? {} : { Item: projection === undefined ? item : project(item, projection) }),
      ...readUnits(request, item === undefined ? [] : [item]),
    };
  },
  PutItem: (input, call) => {
    const request = readRequest(putting, input);
    const after = readItem(request.Item);
    mustReturn(request, ['NONE', 'ALL_OLD'], 'ReturnValues can only be ALL_OLD or NONE');
    mustBeSmall(after, 'Item size has exceeded the maximum allowed size');
    const expressions = readExpressions(request, ['ConditionExpression']);
    const table = tableNamed(store.tables, request);
    mustBeItem(table, after);
    return write(store, { call, request, expressions, table, key: after, next: () => after });
  },
  DeleteItem: (input, call) => {
    const request = readRequest(deleting, input);
    const key = readItem(request.Key);
    mustReturn(request, ['NONE', 'ALL_OLD'], 'ReturnValues can only be ALL_OLD or NONE');
    const expressions = readExpressions(request, ['ConditionExpression']);
    const table = tableNamed(store.tables, request);
    mustBeKey(table, key);
    return write(store, { call, request, expressions, table, key, next: () => undefined });
  },
  UpdateItem: (input, call) => updateItem(store, input, call),
});

function updateItem(store: Writing, input: Input, call: Call): object {
  const request = readRequest(updating, input);
  const key = readItem(request.Key);
  const expressions = readExpressions(request, ['UpdateExpression', 'ConditionExpression']);
  const table = tableNamed(store.tables, request);
  mustBeKey(table, key);
  const changes = expressions.update ?? [];
  mustLeaveKey(table, changes);
  const next = (before: Item | undefined) => {
    const after = applyUpdate(changes, before ?? key);
    mustFitIndexes(table, after);
    mustBeSmall(after, 'Item size to update has exceeded the maximum allowed size');
    return after;
  };
  return write(store, { call, request, expressions, table, key, next });
}

interface Write {
  readonly call: Call;
  readonly request: z.infer<typeof writing>;
  readonly expressions: Expressions;
  readonly table: Table;
  readonly key: Item;
  /** The item after the write; undefined when there is none. */
  readonly next: (before: Item | undefined) => Item | undefined;
}

/** Checks the condition, writes, and answers what the request wants to see. */
function write({ lag }: Writing, { call, request, expressions, table, key, next }: Write): object {
  const before = table.items(call.now).find(key);
  const { condition, update = [] } = expressions;
  if (condition !== undefined && !holds(condition, before ?? {})) {
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
  }
  const after = next(before);
  table.change(before, after, { now: call.now, lag: lag() });
  const shown = request.ReturnValues.endsWith('NEW') ? after : before;
  const paths = update.map(({ path }) => path);
  const attributes =
    shown !== undefined && request.ReturnValues.startsWith('UPDATED') ? project(shown, paths) : shown;
  const hasAttributes =
    request.ReturnValues !== 'NONE' && attributes !== undefined && Object.keys(attributes).length > 0;
  return { ...(hasAttributes ? { Attributes: attributes } : {}), ...writeUnits(request, before, after) };
}

function mustReturn(
  { ReturnValues }: z.infer<typeof writing>,
  allowed: readonly string[],
  message: string,
): void {
  if (!allowed.includes(ReturnValues)) throw refusal(message);
}

function mustLeaveKey({ definition: { key } }: Table, changes: readonly Change[]): void {
  const changed = namesOf(key).find((name) => changes.some(({ path }) => path[0] === name));
  if (changed === undefined) return;
  throw wrongValue(`Cannot update attribute ${changed}. This attribute is part of the key`);
}
