import { formatInstant } from '../../../calendar/instant.ts';
import type { Notification } from '../alert/notification.ts';
import type { Change } from '../finding/change.ts';

/** What changed before the alerts of a group: of the secrets behind one function only one was looked up. */
export const knownChanges = (notifications: readonly Notification[]): readonly Change[] | undefined =>
  notifications.find(({ finding }) => finding.changes !== undefined)?.finding.changes;

/** Changes as people read them, a line each; undefined when nobody could look. */
export function changeLines(changes: readonly Change[] | undefined): readonly string[] | undefined {
  if (changes === undefined) return undefined;
  if (changes.length === 0) return ['Nothing that CloudTrail tells of.'];
  return changes.map(({ at, who, what }) => `${formatInstant(at)}: ${who} ${what}.`);
}
