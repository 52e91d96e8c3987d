import type { Group } from '../../domain/alert/group.ts';
import { type GroupRecord, recordKey } from '../../domain/alert/group-record.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import type { Service } from '../service.ts';

/** The records of groups, each read once a run: those of large groups are megabytes. */
export class KnownGroups {
  readonly #store: Pick<Service['store'], 'readGroup' | 'writeGroup'>;
  readonly #known = new Map<string, GroupRecord | undefined>();
  readonly #unwritten = new Set<string>();

  constructor(store: Pick<Service['store'], 'readGroup' | 'writeGroup'>) {
    this.#store = store;
  }

  /** Returns the record of messages sent about the group; undefined where there were none. */
  async of(group: Group): Promise<GroupRecord | undefined> {
    return this.byKey(recordKey(group));
  }

  /** The same, by the key of the record. */
  async byKey(key: string): Promise<GroupRecord | undefined> {
    if (!this.#known.has(key)) this.#known.set(key, await this.#store.readGroup(key));
    return this.#known.get(key);
  }

  /** Remembers the messages about a group. A write that fails stops no other group: {@link KnownGroups.settle} repeats it. */
  async write(record: GroupRecord): Promise<void> {
    this.#known.set(record.key, record);
    this.#unwritten.add(record.key);
    try {
      await this.#store.writeGroup(record);
      this.#unwritten.delete(record.key);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /**
   * Writes what could not be written, before the outboxes are cleared: an index that lags would repeat what no record
   * shows as sent. Answers the errors.
   */
  async settle(): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    for (const key of this.#unwritten) {
      const record = this.#known.get(key);
      try {
        if (record !== undefined) await this.#store.writeGroup(record);
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }

  /** The records that were read or written, as they are now. */
  seen(): ReadonlyMap<string, GroupRecord | undefined> {
    return this.#known;
  }
}
