import { formatInstant } from '../../../calendar/instant.ts';
import type { Notification } from '../alert/notification.ts';
import { listedChanges, mergedChanges } from '../finding/change.ts';
import type { Explanation } from '../finding/finding.ts';

/** The changes, and how far they are complete. */
interface Changes
  extends Pick<Explanation, 'changes' | 'changesSeenFrom' | 'changesSeenUntil' | 'changesUnsought'> {
  /** The one secret of several that was looked up. */
  readonly soughtFor?: string | undefined;
}

/**
 * Returns the changes before the first alert of a group: of the secrets behind one function only one was looked up, and
 * events may have reported changes of the first.
 */
export function knownChanges(notifications: readonly Notification[]): Changes {
  const looked = notifications.filter(({ finding }) => finding.changes !== undefined);
  const sought = looked.find(({ finding }) => finding.changesSeenFrom !== 'events');
  const { finding } = sought ?? looked[0] ?? {};
  if (finding === undefined) return { changes: undefined };
  const [first] = notifications;
  const isOther = sought !== undefined && first?.secretArn !== sought.secretArn;
  const own = (isOther && first?.finding.changes) || [];
  return {
    changes: listedChanges(mergedChanges(finding.changes ?? [], own)),
    changesSeenFrom: finding.changesSeenFrom,
    changesSeenUntil: finding.changesSeenUntil,
    changesUnsought: finding.changesUnsought,
    ...(sought !== undefined && notifications.length > 1 ? { soughtFor: sought.secretName } : {}),
  };
}

/** Changes as people read them, a line each; undefined when nobody could look. */
export function changeLines(known: Changes): readonly string[] | undefined {
  const { changes, changesSeenFrom } = known;
  if (changes === undefined) return undefined;
  const lines = changes.map(({ at, who, what }) => `${formatInstant(at)}: ${who} ${what}.`);
  if (changesSeenFrom === 'events')
    return [...lines, 'These come from events; the event history was not searched.'];
  const gaps = gapsIn(known);
  if (gaps.length === 0) return lines.length === 0 ? ['CloudTrail recorded no changes.'] : lines;
  const all = lines.length === 0 ? 'No change was found, but' : 'There may be more:';
  return [...lines, `${all} ${gaps.join('; ')}.`];
}

/** Says what was not searched, a clause each. Which secret was searched only matters where nothing was found. */
function gapsIn(known: Changes): readonly string[] {
  const { changes, changesSeenFrom: from, changesSeenUntil: until, changesUnsought = [], soughtFor } = known;
  return [
    ...(from === undefined || from === 'events'
      ? []
      : [`the history before ${formatInstant(from)} holds too many records to search`]),
    ...(until === undefined
      ? []
      : [`CloudTrail records calls minutes late, and changes since ${formatInstant(until)} may be missing`]),
    ...(changesUnsought.length === 0
      ? []
      : [`the history of ${changesUnsought.join(' and of ')} was not searched`]),
    ...(soughtFor === undefined || changes?.length !== 0
      ? []
      : [`of the secrets only ${soughtFor} was searched`]),
  ];
}
