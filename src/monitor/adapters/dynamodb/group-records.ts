import type { AlertStore } from '../../ports/store/alert-store.ts';
import { groupItems, groupKey, groupOf, isWhole, partKey, partsOf } from './group-item.ts';
import type { TableAccess } from './table-access.ts';

/**
 * Records of groups. A large one is several items: the further ones are written first, beside those of the last record,
 * so that whoever dies in between leaves the last record whole.
 */
export const groupRecords = (
  table: TableAccess,
  onUnreadable: (kind: string) => void,
): Pick<AlertStore, 'readGroup' | 'writeGroup'> => ({
  async readGroup(key) {
    const head = await table.getByKey(groupKey(key));
    if (head === undefined) return undefined;
    const { side, count } = partsOf(head);
    const parts = Array.from({ length: count }, (_, index) => table.getByKey(partKey(key, side, index)));
    const read = await Promise.all(parts);
    const record = groupOf(head, read);
    if (record?.key === key) return record;
    if (isWhole(head, read)) onUnreadable('group');
    return undefined;
  },
  async writeGroup(record) {
    const first = groupItems(record, 'a');
    const isSideTaken =
      first.parts.length > 0 && partsOf(await table.getByKey(groupKey(record.key))).side === 'a';
    const { head, parts } = isSideTaken ? groupItems(record, 'b') : first;
    for (const Item of parts) await table.put({ Item });
    await table.put({ Item: head });
  },
});
