import type { Instant } from '../../../calendar/instant.ts';
import type { Item } from '../values/attribute-value.ts';
import { type IndexInput, type KeySchema, keyOf, namesOf, type TableDefinition } from './definition.ts';
import { KeyedItems } from './keyed-items.ts';

/**
 * Time that an item remains after its time to live, in milliseconds: DynamoDB promises "within a few days".
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
const EXPIRY_DELAY: number = 48 * 3_600_000;

/** A change of an item that an index has not seen yet. */
interface Pending {
  readonly at: number;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** A table with its items. */
export class Table {
  readonly definition: TableDefinition;
  readonly createdAt: Instant;
  readonly indexes: ReadonlyMap<string, Index>;
  /** Attribute that says when an item ends, in seconds since 1970; undefined while it is off. */
  #expiry: string | undefined;
  readonly #items: KeyedItems;
  /** Seconds since 1970 of the first item that ends. */
  #firstEnd = Number.POSITIVE_INFINITY;

  constructor(definition: TableDefinition, createdAt: Instant) {
    this.definition = definition;
    this.createdAt = createdAt;
    const { key, input } = definition;
    this.#items = new KeyedItems(key, key);
    this.indexes = new Map(
      (input.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, new Index(index, key)]),
    );
  }

  get expiry(): string | undefined {
    return this.#expiry;
  }

  /** The items, without those that ended long enough ago. */
  items(now: Instant): KeyedItems {
    if (this.#firstEnd * 1000 + EXPIRY_DELAY < now) this.#expire(now);
    return this.#items;
  }

  /** Lets items end at the time that an attribute says, or no more. */
  expireBy(attribute: string | undefined): void {
    this.#expiry = attribute;
    this.#firstEnd = this.#items
      .partitions()
      .flat()
      .reduce((first, item) => Math.min(first, this.#endOf(item)), Number.POSITIVE_INFINITY);
  }

  /** Puts `after` in the place of `before`; indexes see it `lag` milliseconds later. */
  change(before: Item | undefined, after: Item | undefined, { now, lag }: ChangeTime): void {
    if (after !== undefined) {
      this.#items.put(after);
      this.#firstEnd = Math.min(this.#firstEnd, this.#endOf(after));
    } else if (before !== undefined) this.#items.remove(before);
    for (const index of this.indexes.values()) index.change({ at: now + lag, before, after }, now);
  }

  #expire(now: Instant): void {
    for (const item of this.#items.partitions().flat()) {
      if (this.#endOf(item) * 1000 + EXPIRY_DELAY < now) this.change(item, undefined, { now, lag: 0 });
    }
    this.expireBy(this.#expiry);
  }

  #endOf(item: Item): number {
    const end = this.#expiry === undefined ? undefined : item[this.#expiry];
    return end !== undefined && 'N' in end ? Number(end.N) : Number.POSITIVE_INFINITY;
  }
}

/** Time of a change, and the delay until indexes show it. */
export interface ChangeTime {
  readonly now: Instant;
  readonly lag: number;
}

/** A global secondary index: it follows its table, perhaps a moment later. */
export class Index {
  readonly input: IndexInput;
  readonly key: KeySchema;
  readonly #items: KeyedItems;
  readonly #kept: ReadonlySet<string> | undefined;
  #pending: Pending[] = [];

  constructor(input: IndexInput, tableKey: KeySchema) {
    this.input = input;
    this.key = keyOf(input.KeySchema);
    this.#items = new KeyedItems(this.key, tableKey);
    const { ProjectionType, NonKeyAttributes = [] } = input.Projection;
    this.#kept =
      ProjectionType === 'ALL'
        ? undefined
        : new Set([...namesOf(this.key), ...namesOf(tableKey), ...NonKeyAttributes]);
  }

  /** Changes show in the order in which they were made, whatever the lag of each. */
  change({ at, before, after }: Pending, now: Instant): void {
    if (this.#pending.length === 0 && at <= now) this.#follow(before, after);
    else this.#pending.push({ at: Math.max(at, this.#pending.at(-1)?.at ?? at), before, after });
  }

  /** The items that the index shows by now. */
  items(now: Instant): KeyedItems {
    if (this.#pending.length > 0) {
      for (const { before, after } of this.#pending.filter(({ at }) => at <= now))
        this.#follow(before, after);
      this.#pending = this.#pending.filter(({ at }) => at > now);
    }
    return this.#items;
  }

  #follow(before: Item | undefined, after: Item | undefined): void {
    if (before !== undefined && this.#items.holds(before)) this.#items.remove(before);
    if (after !== undefined && this.#items.holds(after)) this.#items.put(this.#projected(after));
  }

  #projected(item: Item): Item {
    const kept = this.#kept;
    if (kept === undefined) return item;
    return Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name)));
  }
}
