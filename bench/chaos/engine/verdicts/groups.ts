import { SEVERITIES } from '../../../../src/domain/finding.ts';
import { HOUR, type Instant, later, MINUTE } from '../../../../src/domain/instant.ts';
import { isNews, type Said } from '../journal.ts';

/** What was decided about the secrets behind one rotation function, by function, owner and family of codes. */
export type Groups = ReadonlyMap<string, readonly Said[]>;

/** News of a group that grows is told again after this. */
const GROWTH_MS: number = 90 * MINUTE;
/** What is over waits so long for the rest of its group. */
const RESOLVED_TOGETHER_MS: number = 24 * HOUR;

const keyOf = ({ notification }: Said): string | undefined => {
  const { rotationFunctionArn, owner = '', finding, code, transition } = notification;
  if (rotationFunctionArn === undefined || transition === 'silenced') return undefined;
  return `${rotationFunctionArn} ${owner} ${finding.pendingVersionId === undefined ? code : 'pending'}`;
};

/** Sorts what was decided by whom it is told with; what has no rotation function is told with nobody. */
export function groupsOf(all: readonly Said[]): Groups {
  const groups = new Map<string, Said[]>();
  for (const said of all) {
    const key = keyOf(said);
    if (key === undefined) continue;
    const members = groups.get(key) ?? [];
    groups.set(key, members);
    members.push(said);
  }
  return groups;
}

/** What was decided about other alerts that a notification is told with. */
export const othersOf = (said: Said, groups: Groups): readonly Said[] =>
  (groups.get(keyOf(said) ?? '') ?? []).filter(
    (other) => other.notification.fingerprint !== said.notification.fingerprint,
  );

/** Until when a notification may wait for its group on purpose; its own time when it may not. */
export function heldUntil(said: Said, groups: Groups): Instant {
  const { notBefore, transition } = said.notification;
  const others = othersOf(said, groups);
  const open = openMembers(others, notBefore);
  if (open.length === 0) return notBefore;
  if (transition === 'resolved') return later(said.notification.at, RESOLVED_TOGETHER_MS);
  if (!isNews(transition) || open.every((member) => rank(member) < rank(said))) return notBefore;
  const told = (groups.get(keyOf(said) ?? '') ?? [])
    .filter((other) => other !== said && isNews(other.notification.transition))
    .flatMap(({ toldAt }) => toldAt)
    .sort((a, b) => a - b);
  let until = notBefore;
  for (const at of told) if (at <= until && at + GROWTH_MS > until) until = later(at, GROWTH_MS);
  return until;
}

const rank = ({ notification }: Said): number => SEVERITIES.indexOf(notification.severity);

/** The last that was told of each alert that people knew to be open at a moment. */
function openMembers(others: readonly Said[], at: Instant): readonly Said[] {
  const last = new Map<string, Said>();
  for (const said of others) {
    const [toldAt] = said.toldAt;
    if (toldAt === undefined || toldAt > at) continue;
    if (said.notification.transition === 'resolved') last.delete(said.notification.fingerprint);
    else last.set(said.notification.fingerprint, said);
  }
  return [...last.values()];
}
