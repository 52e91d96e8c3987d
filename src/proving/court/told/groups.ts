import { HOUR, type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import { SEVERITY_NAMES } from '../../scenario/finding-names.ts';
import { isNews, type Said } from './said.ts';

/** The decided notifications about the secrets behind one rotation function, by function, owner and family of codes. */
export type Groups = ReadonlyMap<string, readonly Said[]>;

/** Time after which news of a group that grows is reported again. */
const GROWTH_MS: number = 90 * MINUTE;
/** Longest time that an end waits for the rest of its group. */
const RESOLVED_TOGETHER_MS: number = 24 * HOUR;

const keyOf = ({ notification }: Said): string | undefined => {
  const { rotationFunctionArn, owner = '', finding, code, transition } = notification;
  if (rotationFunctionArn === undefined || transition === 'silenced') return undefined;
  return `${rotationFunctionArn} ${owner} ${finding.pendingVersionId === undefined ? code : 'pending'}`;
};

/** Sorts the decisions by the groups they are reported in; an alert without a rotation function is reported alone. */
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

/** Returns the decided notifications about other alerts in the groups of a notification. */
export const othersOf = (said: Said, groups: Groups): readonly Said[] =>
  (groups.get(keyOf(said) ?? '') ?? []).filter(
    (other) => other.notification.fingerprint !== said.notification.fingerprint,
  );

/** Returns the time until which a notification may wait for its group on purpose; its own time when it may not. */
export function heldUntil(said: Said, groups: Groups): Instant {
  const { at, notBefore, transition, fingerprint } = said.notification;
  const group = groups.get(keyOf(said) ?? '') ?? [];
  const standing = standingAt(
    group.filter((other) => other !== said),
    notBefore,
  );
  const open = [...standing.open.values()];
  if (open.every(({ notification }) => notification.fingerprint === fingerprint)) return notBefore;
  if (transition === 'resolved') return later(at, RESOLVED_TOGETHER_MS);
  const isFirstEscalation = transition === 'escalated' && !standing.isEscalated;
  const isGraver = open.every((member) => rank(member) < rank(said));
  if (!isNews(transition) || isGraver || isFirstEscalation) return notBefore;
  const told = group
    .filter((other) => other !== said && isNews(other.notification.transition))
    .flatMap(({ toldAt }) => toldAt)
    .sort((a, b) => a - b);
  let until = notBefore;
  for (const time of told) if (time <= until && time + GROWTH_MS > until) until = later(time, GROWTH_MS);
  return until;
}

const rank = ({ notification }: Said): number => SEVERITY_NAMES.indexOf(notification.severity);

/** People's knowledge of a group at a moment. */
interface Standing {
  /** The last notification sent about each alert that was open to them. */
  readonly open: ReadonlyMap<string, Said>;
  /** Whether they had heard, since none was open, that nobody acknowledged one. */
  readonly isEscalated: boolean;
}

function standingAt(group: readonly Said[], at: Instant): Standing {
  const open = new Map<string, Said>();
  let isEscalated = false;
  const told = group
    .flatMap((said) => (said.toldAt[0] === undefined ? [] : [{ said, time: said.toldAt[0] }]))
    .filter(({ time }) => time <= at)
    .sort((a, b) => a.time - b.time);
  for (const { said } of told) {
    const { transition, fingerprint } = said.notification;
    if (transition === 'resolved') open.delete(fingerprint);
    else open.set(fingerprint, said);
    if (transition === 'escalated') isEscalated = true;
    if (open.size === 0) isEscalated = false;
  }
  return { open, isEscalated };
}
