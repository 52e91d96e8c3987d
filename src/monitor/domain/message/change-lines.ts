import { formatInstant } from '../../../calendar/instant.ts';
import type { Notification } from '../alert/notification.ts';
import type { Explanation } from '../finding/finding.ts';

/** The changes, and the time from which they are complete. */
type Changes = Pick<Explanation, 'changes' | 'changesSeenFrom'>;

/** Returns the changes before the alerts of a group: of the secrets behind one function only one was looked up. */
export const knownChanges = (notifications: readonly Notification[]): Changes => {
  const looked = notifications.filter(({ finding }) => finding.changes !== undefined);
  const { finding } = looked.find((each) => each.finding.changesSeenFrom !== 'events') ?? looked[0] ?? {};
  return { changes: finding?.changes, changesSeenFrom: finding?.changesSeenFrom };
};

/** Changes as people read them, a line each; undefined when nobody could look. */
export function changeLines({ changes, changesSeenFrom }: Changes): readonly string[] | undefined {
  if (changes === undefined) return undefined;
  const lines = changes.map(({ at, who, what }) => `${formatInstant(at)}: ${who} ${what}.`);
  if (changesSeenFrom === 'events')
    return [...lines, 'These come from events; the event history was not searched.'];
  if (changesSeenFrom !== undefined) {
    const all = lines.length === 0 ? 'No change was found, but' : 'There may be more:';
    return [
      ...lines,
      `${all} the history before ${formatInstant(changesSeenFrom)} holds too many records to search.`,
    ];
  }
  return lines.length === 0 ? ['CloudTrail recorded no changes.'] : lines;
}
