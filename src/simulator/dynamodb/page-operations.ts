import * as z from 'zod';
import type { Instant } from '../../calendar/instant.ts';
import type { AwsError } from '../call/aws-error.ts';
import type { Operation } from '../call/service.ts';
import { readUnits } from './capacity.ts';
import { holds } from './expressions/condition.ts';
import { type Expressions, readExpressions } from './expressions/expressions.ts';
import { type KeyCondition, meets } from './expressions/key-condition.ts';
import { project } from './expressions/path.ts';
import { commonParameters, expression, placeholders, readRequest } from './request.ts';
import { type Tables, tableNamed } from './table-operations.ts';
import { type KeySchema, namesOf } from './tables/definition.ts';
import type { KeyedItems } from './tables/keyed-items.ts';
import type { Table } from './tables/table.ts';
import { type Item, readItem, sameValue, typeOf } from './values/attribute-value.ts';
import { refusal, wrongValue } from './values/refusal.ts';
import { itemBytes } from './values/size.ts';

const scanning = z.object({
  ...commonParameters,
  IndexName: z.string().optional(),
  ...placeholders,
  FilterExpression: expression,
  ProjectionExpression: expression,
  ExclusiveStartKey: z.unknown().optional(),
  Limit: z.int().min(1).optional(),
  Select: z.enum(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT']).optional(),
  ConsistentRead: z.boolean().default(false),
});
const querying = scanning.extend({
  KeyConditionExpression: expression,
  ScanIndexForward: z.boolean().default(true),
});

type Reading = z.infer<typeof scanning>;

/** Most bytes that a page reads, before filters. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const PAGE_BYTES: number = 1024 * 1024;

/** Query and Scan. */
export const pageOperations = (tables: Tables): Readonly<Record<string, Operation>> => ({
  Query: (input, { now }) => {
    const request = readRequest(querying, input);
    const start = startOf(request);
    if (request.KeyConditionExpression === undefined) {
      throw refusal(
        'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
      );
    }
    const expressions = readExpressions(request, [
      'ProjectionExpression',
      'FilterExpression',
      'KeyConditionExpression',
    ]);
    const source = sourceOf(tableNamed(tables, request), request, now);
    const conditions = expressions.key ?? [];
    mustSuitKey(source, conditions);
    if (start !== undefined) mustContinue(source, start, conditions);
    mustNotFilterKey(source, expressions);
    const [hash] = conditions.filter(({ attribute }) => attribute === source.key.hash);
    const all = source.items.partition(hash?.values[0]);
    const ordered = request.ScanIndexForward ? all : all.toReversed();
    const direction = request.ScanIndexForward ? 1 : -1;
    const rest = ordered
      .filter((item) => start === undefined || direction * source.items.compare(item, start) > 0)
      .filter((item) => conditions.every((condition) => meets(condition, item)));
    return answer(request, { source, expressions, rest });
  },
  Scan: (input, { now }) => {
    const request = readRequest(scanning, input);
    const start = startOf(request);
    const expressions = readExpressions(request, ['ProjectionExpression', 'FilterExpression']);
    const source = sourceOf(tableNamed(tables, request), request, now);
    if (start !== undefined) mustBeStart(source, start);
    const rest =
      start === undefined ? source.items.partitions().flat() : behind(source.items, start, source.key);
    return answer(request, { source, expressions, rest });
  },
});

function sourceOf(table: Table, { IndexName, ConsistentRead }: Reading, now: Instant): Source {
  const { key } = table.definition;
  if (IndexName === undefined) return { table, key, items: table.items(now), positions: namesOf(key) };
  const index = table.indexes.get(IndexName);
  if (index === undefined) throw refusal(`The table does not have the specified index: ${IndexName}`);
  if (ConsistentRead) throw refusal('Consistent reads are not supported on global secondary indexes');
  // What has ended leaves the indexes with the table.
  table.items(now);
  const positions = [...new Set([...namesOf(key), ...namesOf(index.key)])];
  return { table, key: index.key, items: index.items(now), positions };
}

function startOf({ ExclusiveStartKey }: Reading): Item | undefined {
  return ExclusiveStartKey === undefined || ExclusiveStartKey === null
    ? undefined
    : readItem(ExclusiveStartKey);
}

interface Found {
  readonly source: Source;
  readonly expressions: Expressions;
  readonly rest: readonly Item[];
}

function answer(request: Reading, { source, expressions, rest }: Found): object {
  const page = pageOf(rest, request.Limit);
  const last = page.at(-1);
  const { filter, projection } = expressions;
  const kept = filter === undefined ? page : page.filter((item) => holds(filter, item));
  const isFull = page.length < rest.length || page.length === request.Limit;
  return {
    ...(request.Select === 'COUNT'
      ? {}
      : { Items: projection === undefined ? kept : kept.map((item) => project(item, projection)) }),
    Count: kept.length,
    ScannedCount: page.length,
    ...(isFull && last !== undefined ? { LastEvaluatedKey: only(source.positions, last) } : {}),
    ...readUnits(request, page),
  };
}

/** The items of a page: as many as asked for, and those that reach 1 MB together. */
function pageOf(items: readonly Item[], limit = Number.POSITIVE_INFINITY): readonly Item[] {
  let bytes = 0;
  const page: Item[] = [];
  for (const item of items) {
    if (page.length === limit) break;
    bytes += itemBytes(item);
    if (bytes > PAGE_BYTES && page.length > 0) break;
    page.push(item);
  }
  return page;
}

const only = (names: readonly string[], item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));

/** Returns the items a scan reads after the item that it ended with, which may be gone by now. */
function behind(items: KeyedItems, start: Item, { hash }: KeySchema): readonly Item[] {
  const partitions = items.partitions(start);
  return partitions
    .flat()
    .filter((item) => !isSamePartition(item, start, hash) || items.compare(item, start) > 0);
}

function isSamePartition(one: Item, two: Item, hash: string): boolean {
  const [left, right] = [one[hash], two[hash]];
  return left !== undefined && right !== undefined && sameValue(left, right);
}

/** A table or one of its indexes, as the source of a read. */
interface Source {
  readonly table: Table;
  readonly key: KeySchema;
  readonly items: KeyedItems;
  /** The names of the attributes that say where a page ended. */
  readonly positions: readonly string[];
}

/** Refuses conditions that are not of the whole partition key and at most the sort key. */
function mustSuitKey({ key, table }: Source, conditions: readonly KeyCondition[]): void {
  if (conditions.length > 2) throw refusal('Conditions can be of length 1 or 2 only');
  const partition = conditions.find(({ attribute }) => attribute === key.hash);
  const other = conditions.find(({ attribute }) => !namesOf(key).includes(attribute));
  if (partition === undefined) throw missed(key.hash);
  if (other !== undefined && key.range !== undefined) throw missed(key.range);
  if (other !== undefined || partition.operator !== '=') throw refusal('Query key condition not supported');
  const { types } = table.definition;
  if (
    conditions.every(({ attribute, values }) =>
      values.every((value) => typeOf(value) === types.get(attribute)),
    )
  )
    return;
  throw wrongValue('Condition parameter type does not match schema type');
}

const missed = (name: string): AwsError => refusal(`Query condition missed key schema element: ${name}`);

/** Refuses a starting key that is none of what is read. */
function mustBeStart({ positions, table }: Source, start: Item): void {
  const { types } = table.definition;
  const fits =
    Object.keys(start).length === positions.length &&
    positions.every((name) => start[name] !== undefined && typeOf(start[name]) === types.get(name));
  if (!fits) throw refusal('The provided starting key is invalid');
}

/** Refuses a starting key that the conditions of a query exclude. */
function mustContinue(source: Source, start: Item, conditions: readonly KeyCondition[]): void {
  mustBeStart(source, start);
  for (const condition of conditions) {
    if (meets(condition, start)) continue;
    if (condition.attribute !== source.key.hash) {
      throw refusal('The provided starting key does not match the range key predicate');
    }
    throw refusal('The provided starting key is outside query boundaries based on provided conditions');
  }
}

/** Refuses a filter on attributes of the key. */
function mustNotFilterKey({ key }: Source, { filter }: Expressions): void {
  const name =
    filter === undefined
      ? undefined
      : namesOf(key).find((each) => JSON.stringify(filter).includes(`"path":["${each}"`));
  if (name === undefined) return;
  throw refusal(
    `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
  );
}
