import { SEVERITIES, type Severity } from '../finding.ts';
import { DAY, HOUR, type Instant, later } from '../instant.ts';
import type { Fingerprint } from './alert.ts';
import { firstOf, type Group, groupFamily } from './group.ts';
import type { Notification } from './notification.ts';

/** What was told of the secrets behind one rotation function. */
export interface GroupRecord {
  readonly key: string;
  /** Open alerts that were told, and which notification about them was told last. */
  readonly members: Readonly<Record<Fingerprint, ToldMember>>;
  /** When a message about the group was last sent, by severity. */
  readonly toldAt: Readonly<Partial<Record<Severity, Instant>>>;
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
      /** Members that were told before. */
      readonly before: number;
    }
  | { readonly kind: 'hold'; readonly until: Instant }
  /** A run that died told it and did not come to clear it. */
  | { readonly kind: 'told' };

/** A group that grows is told again this long after it was last told. */
const GROWTH_INTERVAL_MS = HOUR;
/** Members that are over wait this long for the others. */
const RESOLVED_TOGETHER_MS = DAY;

/** Names the record of a group; undefined for messages that no later one has to be weighed against. */
export function recordKey(group: Group): string | undefined {
  const first = firstOf(group.notifications);
  if (group.kind !== 'alerts' || first.rotationFunctionArn === undefined) return undefined;
  if (!['opened', 'rose', 'resolved'].includes(first.transition)) return undefined;
  return JSON.stringify([
    first.account,
    first.region,
    first.rotationFunctionArn,
    groupFamily(first),
    first.owner,
  ]);
}

/** Decides whether a group is told now: one that grows at most hourly, one that is over when all of it is. Pure. */
export function admit(group: Group, known: GroupRecord | undefined, now: Instant): Admission {
  const key = recordKey(group);
  if (key === undefined) return { kind: 'send', record: undefined, before: 0 };
  const record = known ?? { key, members: {}, toldAt: {}, peak: 0 };
  return firstOf(group.notifications).transition === 'resolved'
    ? admitResolved(group, record, now)
    : admitGrowth(group, record, now);
}

/**
 * Openings that still wait for their group although they are over, each with its resolution: nobody heard of them, so
 * nobody need hear that they are over.
 */
export const healedWhileWaiting = (
  waiting: Group,
  known: GroupRecord | undefined,
  all: readonly Notification[],
): readonly Notification[] =>
  waiting.notifications.flatMap((opening) => {
    if (opening.transition !== 'opened' || known?.members[opening.fingerprint] !== undefined) return [];
    const others = all.filter(
      ({ fingerprint, id }) => fingerprint === opening.fingerprint && id !== opening.id,
    );
    const [over, ...more] = others;
    return over?.transition === 'resolved' && more.length === 0 ? [opening, over] : [];
  });

function admitGrowth({ notifications }: Group, record: GroupRecord, now: Instant): Admission {
  const { severity } = firstOf(notifications);
  if (notifications.every((said) => wasTold(said, record))) return { kind: 'told' };
  const joining = new Set(notifications.map(({ fingerprint }) => fingerprint));
  const before = Object.entries(record.members).filter(
    ([member, told]) => !joining.has(member) && rank(told.severity) >= rank(severity),
  ).length;
  const toldAt = record.toldAt[severity];
  if (severity !== 'CRITICAL' && before > 0 && toldAt !== undefined && now - toldAt < GROWTH_INTERVAL_MS) {
    return { kind: 'hold', until: later(toldAt, GROWTH_INTERVAL_MS) };
  }
  const members = {
    ...record.members,
    ...Object.fromEntries(notifications.map(({ fingerprint, at }) => [fingerprint, { severity, at }])),
  };
  const peak = Math.max(record.peak, Object.keys(members).length);
  return {
    kind: 'send',
    before,
    record: { ...record, members, peak, toldAt: { ...record.toldAt, [severity]: now } },
  };
}

function wasTold({ fingerprint, severity, at }: Notification, { members }: GroupRecord): boolean {
  const told = members[fingerprint];
  return told !== undefined && told.at >= at && rank(told.severity) >= rank(severity);
}

function admitResolved({ notifications }: Group, record: GroupRecord, now: Instant): Admission {
  const over = new Set(notifications.map(({ fingerprint }) => fingerprint));
  const left = Object.entries(record.members).filter(([member]) => !over.has(member));
  const deadline = later(firstOf(notifications).at, RESOLVED_TOGETHER_MS);
  if (record.peak > 1 && left.length > 0 && now < deadline) return { kind: 'hold', until: deadline };
  const members = Object.fromEntries(left);
  const rest = left.length === 0 ? { peak: 0, toldAt: {} } : { peak: record.peak, toldAt: record.toldAt };
  return { kind: 'send', before: 0, record: { key: record.key, members, ...rest } };
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
