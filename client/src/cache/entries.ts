import type { SecretValue } from './secret-value.ts';

/** A value with the times between which it is served. All times are milliseconds since the epoch. */
export interface Entry {
  readonly value: SecretValue;
  /** Made once, so that a hit allocates nothing. */
  readonly promise: Promise<SecretValue>;
  /** When the read began that brought the value. */
  readonly readAt: number;
  /** From here on a read starts a refresh and still serves the value. */
  readonly refreshAt: number;
  /** From here on a read waits for a new value. */
  readonly expiresAt: number;
  /** Keys under which the value is found: name, ARN and partial ARN are one entry. */
  readonly keys: string[];
  newer: Entry | undefined;
  older: Entry | undefined;
}

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

  /** Puts an entry in the place of all that its keys led to; answers how many others had to leave for it. */
  put(entry: Entry): number {
    for (const before of new Set(entry.keys.map((key) => this.#byKey.get(key)))) {
      if (before === undefined) continue;
      this.delete(before);
      // Other spellings of the same secret stay known.
      if (before.value.ARN === entry.value.ARN)
        for (const key of before.keys) if (!entry.keys.includes(key)) entry.keys.push(key);
    }
    for (const key of entry.keys) this.#byKey.set(key, entry);
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
    if (entry?.value !== value || this.#byKey.has(other)) return;
    entry.keys.push(other);
    this.#byKey.set(other, entry);
  }

  delete(entry: Entry): void {
    for (const key of entry.keys) if (this.#byKey.get(key) === entry) this.#byKey.delete(key);
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
