import type { SecretValue } from './secret-value.ts';

/**
 * A value with the times between which it is served, in milliseconds since the epoch. There may be thousands: what
 * can be computed is not held.
 */
export interface Entry {
  readonly value: SecretValue;
  /** Made once, so that a hit allocates nothing. */
  readonly promise: Promise<SecretValue>;
  /** Start of the read that brought the value, in milliseconds since the epoch. */
  readonly readAt: number;
  /** From here on a read starts a refresh and still serves the value. */
  readonly refreshAt: number;
  /** The part of a key after the id: empty for AWSCURRENT. */
  readonly suffix: string;
  /** Keys beside those of the ARN and the name. */
  others: readonly string[] | undefined;
  newer: Entry | undefined;
  older: Entry | undefined;
}

/** Every key under which an entry may be found: ARN, name and partial ARN are one entry. */
export const keysOf = ({ value, suffix, others = [] }: Entry): readonly string[] => [
  value.ARN + suffix,
  value.Name + suffix,
  ...others,
];

/** Entries in the order of their last use; the one that was used longest ago leaves when there are too many. */
export class Entries {
  readonly #byKey = new Map<string, Entry>();
  readonly #max: number;
  #newest: Entry | undefined;
  #oldest: Entry | undefined;
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /** The entry of a key; it counts as used. */
  use(key: string): Entry | undefined {
    const entry = this.#byKey.get(key);
    if (entry !== undefined && entry !== this.#newest) {
      this.#unlink(entry);
      this.#link(entry);
    }
    return entry;
  }

  /** Whether one of the keys leads to a value whose read began later. A time ahead of the clock proves nothing. */
  holdsNewer(keys: readonly string[], startedAt: number, now: number): boolean {
    return keys.some((key) => {
      const readAt = this.#byKey.get(key)?.readAt;
      return readAt !== undefined && readAt > startedAt && readAt <= now;
    });
  }

  /** Puts an entry under keys, in the place of all that these led to; answers how many others had to leave for it. */
  put(entry: Entry, keys: readonly string[]): number {
    const all = new Set(keys);
    for (const before of new Set(keys.map((key) => this.#byKey.get(key)))) {
      if (before === undefined) continue;
      // Other spellings of the same secret stay known.
      if (before.value.ARN === entry.value.ARN)
        for (const key of keysOf(before)) if (this.#byKey.get(key) === before) all.add(key);
      this.delete(before);
    }
    for (const key of all) this.#add(key, entry);
    this.#link(entry);
    this.#size++;
    let evicted = 0;
    while (this.#size > this.#max && this.#oldest !== undefined) {
      this.delete(this.#oldest);
      evicted++;
    }
    return evicted;
  }

  /** Finds the entry of a key under another key too, if it still holds the value. */
  alias(other: string, key: string, value: SecretValue): void {
    const entry = this.#byKey.get(key);
    if (entry?.value === value && !this.#byKey.has(other)) this.#add(other, entry);
  }

  delete(entry: Entry): void {
    for (const key of keysOf(entry)) if (this.#byKey.get(key) === entry) this.#byKey.delete(key);
    this.#unlink(entry);
    this.#size--;
  }

  clear(): void {
    this.#byKey.clear();
    this.#newest = undefined;
    this.#oldest = undefined;
    this.#size = 0;
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (let entry = this.#newest; entry !== undefined; entry = entry.older) yield entry;
  }

  #add(key: string, entry: Entry): void {
    this.#byKey.set(key, entry);
    if (!keysOf(entry).includes(key)) entry.others = [...(entry.others ?? []), key];
  }

  #link(entry: Entry): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest !== undefined) this.#newest.newer = entry;
    this.#newest = entry;
    this.#oldest ??= entry;
  }

  #unlink(entry: Entry): void {
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
  }
}
