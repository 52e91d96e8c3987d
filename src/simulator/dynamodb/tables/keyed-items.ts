import { type AttributeValue, type Item, orderOf, scalarOf } from '../values/attribute-value.ts';
import type { KeySchema } from './definition.ts';

/** Items by partition, in the order of their sort key: a table, or an index of one. */
export class KeyedItems {
  readonly #key: KeySchema;
  /** The table's key, which separates items that stand at the same place of an index. */
  readonly #tableKey: KeySchema;
  readonly #partitions = new Map<string, Item[]>();

  constructor(key: KeySchema, tableKey: KeySchema) {
    this.#key = key;
    this.#tableKey = tableKey;
  }

  /** Whether an item has every attribute of the key; an index leaves others out. */
  holds(item: Item): boolean {
    const { hash, range } = this.#key;
    return item[hash] !== undefined && (range === undefined || item[range] !== undefined);
  }

  /** The item at the same place as `like`. */
  find(like: Item): Item | undefined {
    const partition = this.partition(like[this.#key.hash]);
    const item = partition[this.#place(partition, like)];
    return item !== undefined && this.compare(item, like) === 0 ? item : undefined;
  }

  /** Puts an item in its place, over the one that stood there. */
  put(item: Item): void {
    const name = nameOf(item[this.#key.hash]);
    const partition = this.#partitions.get(name) ?? [];
    this.#partitions.set(name, partition);
    const at = this.#place(partition, item);
    const there = partition[at];
    partition.splice(at, there !== undefined && this.compare(there, item) === 0 ? 1 : 0, item);
  }

  /** Takes away the item at the same place as `like`. */
  remove(like: Item): void {
    const name = nameOf(like[this.#key.hash]);
    const partition = this.#partitions.get(name) ?? [];
    const at = this.#place(partition, like);
    const there = partition[at];
    if (there === undefined || this.compare(there, like) !== 0) return;
    partition.splice(at, 1);
    if (partition.length === 0) this.#partitions.delete(name);
  }

  /** The items of one partition in order. */
  partition(hash: AttributeValue | undefined): readonly Item[] {
    return this.#partitions.get(nameOf(hash)) ?? [];
  }

  /**
   * All partitions in an order that says nothing, that of a hash of their keys, as DynamoDB's; from the one that holds
   * `start` on, or held it.
   */
  partitions(start?: Item): readonly (readonly Item[])[] {
    const first = start === undefined ? undefined : placeOf(nameOf(start[this.#key.hash]));
    return [...this.#partitions]
      .map(([name, items]) => ({ ...placeOf(name), items }))
      .filter((place) => first === undefined || comparePlaces(place, first) >= 0)
      .sort(comparePlaces)
      .map(({ items }) => items);
  }

  /** Returns the index at which an item belongs in `partition`. */
  #place(partition: readonly Item[], item: Item): number {
    let [low, high] = [0, partition.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = partition[middle];
      if (there !== undefined && this.compare(there, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Orders two items of one partition; 0 only when they are the same item of the table. */
  compare(one: Item, two: Item): number {
    for (const name of [this.#key.range, this.#tableKey.hash, this.#tableKey.range]) {
      const order = name === undefined ? 0 : compareAt(name, one, two);
      if (order !== 0) return order;
    }
    return 0;
  }
}

function compareAt(name: string, one: Item, two: Item): number {
  const [left, right] = [one[name], two[name]];
  return left === undefined || right === undefined ? 0 : (orderOf(left, right) ?? 0);
}

const nameOf = (hash: AttributeValue | undefined): string =>
  hash === undefined ? '' : (scalarOf(hash) ?? '');

interface Place {
  readonly hash: number;
  readonly name: string;
}

const placeOf = (name: string): Place => ({ hash: hashOf(name), name });

function comparePlaces(one: Place, two: Place): number {
  if (one.hash !== two.hash || one.name === two.name) return one.hash - two.hash;
  return one.name < two.name ? -1 : 1;
}

/** FNV-1a: any function would do that scatters. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  return hash >>> 0;
}
