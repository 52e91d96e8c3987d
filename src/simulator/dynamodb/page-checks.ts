import type { AwsError } from '../call/aws-error.ts';
import type { Expressions } from './expressions/expressions.ts';
import { type KeyCondition, meets } from './expressions/key-condition.ts';
import { type KeySchema, namesOf } from './tables/definition.ts';
import type { KeyedItems } from './tables/keyed-items.ts';
import type { Table } from './tables/table.ts';
import { type Item, typeOf } from './values/attribute-value.ts';
import { refusal, wrongValue } from './values/refusal.ts';

/** What is read: a table or one of its indexes. */
export interface Source {
  readonly table: Table;
  readonly key: KeySchema;
  readonly items: KeyedItems;
  /** The names of the attributes that say where a page ended. */
  readonly positions: readonly string[];
}

/** Refuses conditions that are not of the whole partition key and at most the sort key. */
export function mustSuitKey({ key, table }: Source, conditions: readonly KeyCondition[]): void {
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
export function mustBeStart({ positions, table }: Source, start: Item): void {
  const { types } = table.definition;
  const fits =
    Object.keys(start).length === positions.length &&
    positions.every((name) => start[name] !== undefined && typeOf(start[name]) === types.get(name));
  if (!fits) throw refusal('The provided starting key is invalid');
}

/** Refuses a starting key that the conditions of a query exclude. */
export function mustContinue(source: Source, start: Item, conditions: readonly KeyCondition[]): void {
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
export function mustNotFilterKey({ key }: Source, { filter }: Expressions): void {
  const name =
    filter === undefined
      ? undefined
      : namesOf(key).find((each) => JSON.stringify(filter).includes(`"path":["${each}"`));
  if (name === undefined) return;
  throw refusal(
    `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
  );
}
