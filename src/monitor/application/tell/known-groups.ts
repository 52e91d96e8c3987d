import type { Group } from '../../domain/alert/group.ts';
import { type GroupRecord, recordKey } from '../../domain/alert/group-record.ts';
import type { Service } from '../service.ts';

/** The records of groups, each read once a run: those of large groups are megabytes. */
export class KnownGroups {
  readonly #store: Pick<Service['store'], 'readGroup' | 'writeGroup'>;
  readonly #known = new Map<string, GroupRecord | undefined>();

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

  /** Remembers the messages about a group. */
  async write(record: GroupRecord): Promise<void> {
    this.#known.set(record.key, record);
    await this.#store.writeGroup(record);
  }

  /** The records that were read or written, as they are now. */
  seen(): ReadonlyMap<string, GroupRecord | undefined> {
    return this.#known;
  }
}
