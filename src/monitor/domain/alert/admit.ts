import { DAY, type Instant, instant, later, MINUTE } from '../../../calendar/instant.ts';
import { rankOf } from '../finding/finding.ts';
import { targetKey } from '../secret/secret.ts';
import { repeatIntervalMs } from './decide.ts';
import { converses, everyOf, firstOf, type Group, type Names, parted, transitionOf } from './group.ts';
import {
  type GroupRecord,
  type MemberHash,
  memberOf,
  newRecord,
  recordKey,
  withEnded,
  withTold,
} from './group-record.ts';
import { withNames } from './naming.ts';
import type { Notification } from './notification.ts';

/** The decision whether a group may be sent now, and the record after it. */
export type Admission =
  | {
      readonly kind: 'send';
      readonly record: GroupRecord;
      /** Members that were reported before, are still open and have no part in the present message. */
      readonly before: number;
      /** Members that were reported before and have. */
      readonly retold: number;
      /** Secrets that the message names; undefined in a message about ends. */
      readonly names?: Names;
    }
  | { readonly kind: 'hold'; readonly until: Instant }
  /** A repeat has counted it. */
  | { readonly kind: 'told' };

/** The record of a group and the time, as far as a decision about its notifications depends on them. */
export interface Standing {
  readonly known: GroupRecord | undefined;
  /** Alerts whose end waits to be reported: they no longer count as open. */
  readonly over: ReadonlySet<MemberHash>;
  readonly now: Instant;
}

/** The alerts of which the last that waits to be sent is their end. */
export function overOf(waiting: readonly Notification[]): ReadonlySet<MemberHash> {
  const over = new Set<MemberHash>();
  for (const [, said] of saidOf(waiting)) {
    const last = said.at(-1);
    if (last?.transition === 'resolved') over.add(memberOf(last));
  }
  return over;
}

/** Returns the waiting notifications of each alert, the oldest first. */
export function saidOf(waiting: readonly Notification[]): ReadonlyMap<string, readonly Notification[]> {
  const said = new Map<string, Notification[]>();
  for (const each of [...waiting].sort((a, b) => a.at - b.at)) {
    const known = said.get(each.fingerprint);
    if (known === undefined) said.set(each.fingerprint, [each]);
    else known.push(each);
  }
  return said;
}

/** Time after which a group that grows is reported again: an outage of four hours takes five messages at most. */
const GROWTH_INTERVAL_MS: number = 90 * MINUTE;
/** Members that are over wait this long for the others. */
const RESOLVED_TOGETHER_MS = DAY;

/** Decides whether a group, of which nothing was sent yet, is sent now. Pure; takes time in proportion to its size. */
export function admit(group: Group, standing: Standing): Admission {
  const { known = newRecord(recordKey(group)), now } = standing;
  const first = firstOf(group.notifications);
  if (first.transition === 'resolved') return admitResolved(group, known, now);
  if (!converses(first)) {
    const told = { ...withTold(known, group, now), toldAt: now };
    const naming = withNames(group, { known, told }, { before: 0, over: standing.over, now });
    return { kind: 'send', before: 0, retold: 0, ...naming };
  }
  return first.transition === 'repeated'
    ? admitRepeat(group, known, standing)
    : admitNews(group, known, standing);
}

/**
 * Returns the waiting notifications of a group that are no longer true: news of an alert that has ended, the end of an
 * alert that was never reported, or the end of one that has begun again. `said` is everything that waits to be sent, by
 * {@link saidOf}.
 */
export const outdatedIn = (
  waiting: Group,
  known: GroupRecord | undefined,
  said: ReadonlyMap<string, readonly Notification[]>,
): readonly Notification[] =>
  waiting.notifications.flatMap((each) => {
    const all = said.get(each.fingerprint) ?? [each];
    const isOver = all.at(-1)?.transition === 'resolved';
    if (each.transition === 'resolved') return isOver ? [] : [each];
    if (!isOver) return [];
    return known?.members[memberOf(each)] === undefined ? all : all.slice(0, -1);
  });

/**
 * News is sent at once if it is the first or graver than all before it, else when the group has been quiet for a while.
 */
function admitNews(group: Group, record: GroupRecord, { over, now }: Standing): Admission {
  const { notifications } = group;
  const others = othersIn(record, group, over);
  const isGraver = Object.entries(record.members).every(
    ([member, { severity }]) =>
      over.has(member) || rankOf(severity) < rankOf(firstOf(notifications).severity),
  );
  const escalates = transitionOf(group) === 'escalated';
  const isUrgent = isGraver || (escalates && record.escalatedAt === undefined);
  const until = record.toldAt === undefined ? now : later(record.toldAt, GROWTH_INTERVAL_MS);
  if (others > 0 && !isUrgent && now < until) return { kind: 'hold', until };
  const told = {
    ...withPeak(withTold(record, group, now), over),
    toldAt: now,
    escalatedAt: escalates ? now : record.escalatedAt,
  };
  return {
    kind: 'send',
    before: others,
    retold: notifications.filter((each) => record.members[memberOf(each)] !== undefined).length,
    ...withNames(group, { known: record, told }, { before: others, over, now }),
  };
}

/** One repeat speaks for the whole group, which it counts; the others of the same round are not sent. */
function admitRepeat(group: Group, record: GroupRecord, { over, now }: Standing): Admission {
  const { severity, at: first } = firstOf(group.notifications);
  const decidedAt = group.notifications.reduce((latest, { at }) => (at > latest ? at : latest), first);
  const round = repeatIntervalMs(severity) / 2;
  if (record.repeatedAt !== undefined && decidedAt - record.repeatedAt < round) return { kind: 'told' };
  const told = { ...withPeak(withTold(record, group, now), over), repeatedAt: decidedAt };
  const before = othersIn(record, group, over);
  return {
    kind: 'send',
    before,
    retold: 0,
    ...withNames(group, { known: record, told }, { before, over, now }),
  };
}

/** Admits ends once all alerts of the group have ended, or after a day. */
function admitResolved(group: Group, record: GroupRecord, now: Instant): Admission {
  const over = new Set(group.notifications.map(memberOf));
  const isWhole = Object.keys(record.members).every((member) => over.has(member));
  const deadline = later(firstOf(group.notifications).at, RESOLVED_TOGETHER_MS);
  const converse = converses(firstOf(group.notifications));
  if (converse && record.peak > 1 && !isWhole && now < deadline) return { kind: 'hold', until: deadline };
  return { kind: 'send', before: 0, retold: 0, record: withEnded(record, group, now) };
}

/** Returns the number of members that were reported, are open, and have no part in the present message. */
function othersIn({ members }: GroupRecord, { notifications }: Group, over: ReadonlySet<MemberHash>): number {
  const joining = new Set(notifications.map(memberOf));
  return Object.keys(members).filter((member) => !joining.has(member) && !over.has(member)).length;
}

function withPeak(record: GroupRecord, over: ReadonlySet<MemberHash>): GroupRecord {
  const open = Object.keys(record.members).filter((member) => !over.has(member));
  return { ...record, peak: Math.max(record.peak, open.length) };
}

/**
 * Returns the time from which a notification may be sent: what belongs to a target's baseline waits for the end of the
 * first sweep, unless it is CRITICAL. `baselineEnds` has those ends by the key of the target; undefined before the end.
 */
export function dueFrom(
  { baseline, severity, account, region, notBefore }: Notification,
  baselineEnds: BaselineEnds,
): Instant | undefined {
  if (!baseline || severity === 'CRITICAL') return notBefore;
  const endedAt = baselineEnds.get(targetKey({ account, region }));
  return endedAt === undefined ? undefined : instant(Math.max(endedAt, notBefore));
}

/** Ends of the first complete sweeps, by the key of the target. */
export type BaselineEnds = ReadonlyMap<string, Instant | undefined>;

/** Delay of a due notification after which the failure is reported on another path. */
const OVERDUE_AFTER_MS: number = 15 * MINUTE;

/** The notifications that are past their time by more than a while; a baseline that is still held back is none of them. */
export const overdue = (
  notifications: readonly Notification[],
  baselineEnds: BaselineEnds,
  now: Instant,
): readonly Notification[] =>
  notifications.filter((each) => now - (dueFrom(each, baselineEnds) ?? now) > OVERDUE_AFTER_MS);

/** The alerts whose end could have been sent a while ago: before, what others of their group said was still held. */
export const overLongAgo = (notifications: readonly Notification[], now: Instant): ReadonlySet<MemberHash> =>
  overOf(notifications.filter(({ notBefore }) => now - notBefore >= OVERDUE_AFTER_MS));

/**
 * Whether a group waits on purpose, or did until a moment ago: as it grows, or until all of it is over. `over` are the
 * alerts that were over then, by {@link overLongAgo}.
 */
export function waitsOnPurpose(group: Group, standing: Standing): boolean {
  const { now } = standing;
  const newest = everyOf(group).reduce((latest, { notBefore }) => Math.max(latest, notBefore), 0);
  if (firstOf(group.notifications).transition === 'resolved' && now - newest <= OVERDUE_AFTER_MS) return true;
  // What joined since then may be urgent: it goes out now, with all that was held until it came.
  const then = later(now, -OVERDUE_AFTER_MS);
  const { left } = parted(group, ({ notBefore }) => notBefore > then);
  return left === undefined || admit(left, { ...standing, now: then }).kind === 'hold';
}
