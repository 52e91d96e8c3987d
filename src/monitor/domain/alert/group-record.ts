import { DAY, type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import type { Severity } from '../finding/finding.ts';
import type { Fingerprint } from './alert.ts';
import { repeatIntervalMs } from './decide.ts';
import { converses, everyOf, firstOf, type Group, groupFamily, rankOf, transitionOf } from './group.ts';
import type { Notification } from './notification.ts';

/** What was told of the secrets behind one rotation function. */
export interface GroupRecord {
  readonly key: string;
  /** Open alerts that were told, and which notification about them was told last. */
  readonly members: Readonly<Record<Fingerprint, ToldMember>>;
  /** When news of the group was last sent. */
  readonly toldAt: Instant | undefined;
  /** When it was last told that nobody has acknowledged it. */
  readonly escalatedAt: Instant | undefined;
  /** When the repeat that was last sent had been decided. */
  readonly repeatedAt: Instant | undefined;
  /** Most members that were open together. */
  readonly peak: number;
}

/** The last notification that was told about a member. */
interface ToldMember {
  readonly severity: Severity;
  /** When it was decided. */
  readonly at: Instant;
}

/** Whether a group may be told now, and what is remembered then. */
export type Admission =
  | {
      readonly kind: 'send';
      /** Undefined where nothing is remembered. */
      readonly record: GroupRecord | undefined;
      /** Members that were told before, are still open and have no part in what is said now. */
      readonly before: number;
      /** Members that were told before and have. */
      readonly retold: number;
    }
  | { readonly kind: 'hold'; readonly until: Instant }
  /** Told already: by a run that died and did not come to clear it, or by a repeat that counted it. */
  | { readonly kind: 'told' };

/** What is known of a group besides what it has to say. */
export interface Standing {
  readonly known: GroupRecord | undefined;
  /** Alerts whose end waits to be told: they do not count as open any more. */
  readonly over: ReadonlySet<Fingerprint>;
  readonly now: Instant;
}

/** The alerts of which the last that waits to be told is their end. */
export function overOf(waiting: readonly Notification[]): ReadonlySet<Fingerprint> {
  const inOrder = [...waiting].sort((a, b) => a.at - b.at);
  const last = new Map(inOrder.map(({ fingerprint, transition }) => [fingerprint, transition]));
  return new Set([...last].flatMap(([each, transition]) => (transition === 'resolved' ? [each] : [])));
}

/** A group that grows is told again this long after it was last told: an incident of four hours takes five messages at most. */
const GROWTH_INTERVAL_MS: number = 90 * MINUTE;
/** Members that are over wait this long for the others. */
const RESOLVED_TOGETHER_MS = DAY;

/** Names the record of a group; undefined for messages that no later one has to be weighed against. */
export function recordKey(group: Group): string | undefined {
  const first = firstOf(group.notifications);
  const { account, region, rotationFunctionArn, owner } = first;
  if (!converses(first)) return undefined;
  return JSON.stringify([account, region, rotationFunctionArn, groupFamily(first), owner]);
}

/** Decides whether a group is told now. Pure. */
export function admit(group: Group, standing: Standing): Admission {
  const key = recordKey(group);
  if (key === undefined) return { kind: 'send', record: undefined, before: 0, retold: 0 };
  const { known = newRecord(key) } = standing;
  switch (firstOf(group.notifications).transition) {
    case 'resolved':
      return admitResolved(group, known, standing.now);
    case 'repeated':
      return admitRepeat(group, known, standing);
    default:
      return admitNews(group, known, standing);
  }
}

const newRecord = (key: string): GroupRecord => ({
  key,
  members: {},
  toldAt: undefined,
  escalatedAt: undefined,
  repeatedAt: undefined,
  peak: 0,
});

/**
 * What waits for its group and is true no more: news of what is over, the end of what nobody heard of, the end of what
 * has begun again. `all` is everything that waits to be told.
 */
export const outdatedIn = (
  waiting: Group,
  known: GroupRecord | undefined,
  all: readonly Notification[],
): readonly Notification[] =>
  waiting.notifications.flatMap((each) => {
    const said = all
      .filter(({ fingerprint }) => fingerprint === each.fingerprint)
      .sort((a, b) => a.at - b.at);
    const isOver = said.at(-1)?.transition === 'resolved';
    if (each.transition === 'resolved') return isOver ? [] : [each];
    if (!isOver) return [];
    return known?.members[each.fingerprint] === undefined ? said : said.slice(0, -1);
  });

/** News is told at once if it is the first or graver than all before it, else when the group has been quiet for a while. */
function admitNews(group: Group, record: GroupRecord, { over, now }: Standing): Admission {
  const { notifications } = group;
  if (everyOf(group).every((said) => wasTold(said, record))) return { kind: 'told' };
  const others = othersIn(record, group, over);
  const isGraver = Object.entries(record.members).every(
    ([member, { severity }]) =>
      over.has(member) || rankOf(severity) < rankOf(firstOf(notifications).severity),
  );
  const escalates = transitionOf(group) === 'escalated';
  const isUrgent = isGraver || (escalates && record.escalatedAt === undefined);
  const until = record.toldAt === undefined ? now : later(record.toldAt, GROWTH_INTERVAL_MS);
  if (others > 0 && !isUrgent && now < until) return { kind: 'hold', until };
  const told = withTold(record, group, over);
  return {
    kind: 'send',
    before: others,
    retold: notifications.filter(({ fingerprint }) => record.members[fingerprint] !== undefined).length,
    record: { ...told, toldAt: now, escalatedAt: escalates ? now : record.escalatedAt },
  };
}

/** One repeat speaks for the whole group, which it counts; the others of the same round are not sent. */
function admitRepeat(group: Group, record: GroupRecord, { over }: Standing): Admission {
  const { severity, at: first } = firstOf(group.notifications);
  const decidedAt = group.notifications.reduce((latest, { at }) => (at > latest ? at : latest), first);
  const round = repeatIntervalMs(severity) / 2;
  if (record.repeatedAt !== undefined && decidedAt - record.repeatedAt < round) return { kind: 'told' };
  const told = { ...withTold(record, group, over), repeatedAt: decidedAt };
  return { kind: 'send', before: othersIn(record, group, over), retold: 0, record: told };
}

/** How many were told of, are open and have no part in what the group says now. */
function othersIn(
  { members }: GroupRecord,
  { notifications }: Group,
  over: ReadonlySet<Fingerprint>,
): number {
  const joining = new Set(notifications.map(({ fingerprint }) => fingerprint));
  return Object.keys(members).filter((member) => !joining.has(member) && !over.has(member)).length;
}

function withTold(
  record: GroupRecord,
  { notifications }: Group,
  over: ReadonlySet<Fingerprint>,
): GroupRecord {
  const told = notifications.map(({ fingerprint, severity, at }) => [fingerprint, { severity, at }] as const);
  const members = { ...record.members, ...Object.fromEntries(told) };
  const open = Object.keys(members).filter((member) => !over.has(member));
  return { ...record, members, peak: Math.max(record.peak, open.length) };
}

function wasTold({ fingerprint, severity, at }: Notification, { members }: GroupRecord): boolean {
  const told = members[fingerprint];
  return told !== undefined && told.at >= at && rankOf(told.severity) >= rankOf(severity);
}

/** What is over is told when all of the group is, or after a day. */
function admitResolved({ notifications }: Group, record: GroupRecord, now: Instant): Admission {
  const over = new Set(notifications.map(({ fingerprint }) => fingerprint));
  const left = Object.entries(record.members).filter(([member]) => !over.has(member));
  const deadline = later(firstOf(notifications).at, RESOLVED_TOGETHER_MS);
  if (record.peak > 1 && left.length > 0 && now < deadline) return { kind: 'hold', until: deadline };
  const members = Object.fromEntries(left);
  const kept = left.length === 0 ? newRecord(record.key) : { ...record, members };
  return { kind: 'send', before: 0, retold: 0, record: kept };
}
