import { targetKey } from '../../domain/secret/secret.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import type { AlertStore } from '../../ports/store/alert-store.ts';
import { type Item, revised, stateItem, stateOf, unreadState } from './state-item.ts';
import { OPEN_INDEX, UNDELIVERED, UNDELIVERED_INDEX } from './table.ts';
import type { TableAccess } from './table-access.ts';

type StateStore = Pick<AlertStore, 'read' | 'write' | 'open' | 'undelivered' | 'forEachUndelivered'>;

/** States. One that cannot be read is open and empty until the next sweep has judged what it was about. */
export function stateRecords(table: TableAccess, onUnreadable: (kind: string) => void): StateStore {
  const readOr = (item: Item): SecretState | undefined => {
    const state = stateOf(item);
    if (state === undefined) onUnreadable('state');
    return state ?? unreadState(item);
  };
  const write: StateStore['write'] = (state) => table.putRevised(stateItem(revised(state)), state.revision);
  /** Has nothing to say any more, but has to be looked at. */
  const undeliveredOf = async (items: readonly Item[]): Promise<readonly SecretState[]> => {
    const states = items.flatMap((item) => readOr(item) ?? []);
    for (const state of states) if (state.unread === true) await write(state);
    return states.filter(({ unread }) => unread !== true);
  };
  return {
    async read(subject) {
      const item = await table.get(subject, 'state');
      return item && readOr(item);
    },
    write,
    open: async (target) =>
      (await table.queryIndex(OPEN_INDEX, targetKey(target), readOr))
        .flatMap((state) => state ?? [])
        .filter((state) => targetKey(state) === targetKey(target)),
    async undelivered() {
      const found: SecretState[] = [];
      await table.eachPage(UNDELIVERED_INDEX, UNDELIVERED, async (page) => {
        found.push(...(await undeliveredOf(page)));
      });
      return found;
    },
    forEachUndelivered: (take) =>
      table.eachPage(UNDELIVERED_INDEX, UNDELIVERED, async (page) => take(await undeliveredOf(page))),
  };
}
