import { DAY, type Instant, later } from '../../../calendar/instant.ts';
import { arnHash } from '../arn-hash.ts';
import { rankOf, type Severity } from '../finding/finding.ts';
import type { Target } from '../secret/secret.ts';
import type { Fingerprint } from './alert.ts';
import {
  converses,
  everyOf,
  firstOf,
  type Group,
  groupFamily,
  keyOfGroup,
  type NamedSecret,
} from './group.ts';
import type { Notification } from './notification.ts';

/** A short name for an alert in records that may be large: a hash of its fingerprint. */
export type MemberHash = string;

/**
 * The record of the messages about a group: the secrets behind one rotation function, or anything else that shares a
 * message.
 */
export interface GroupRecord {
  readonly key: string;
  /** Alerts that were reported and whose end was not, with the last notification sent about each. */
  readonly members: Readonly<Record<MemberHash, ToldMember>>;
  /** Decision times of the ends that were reported a short while ago. */
  readonly ended: Readonly<Record<MemberHash, Instant>>;
  /** Time the last news of the group was sent. */
  readonly toldAt: Instant | undefined;
  /** Time of the last reminder that nobody has acknowledged it. */
  readonly escalatedAt: Instant | undefined;
  /** Decision time of the repeat that was sent last. */
  readonly repeatedAt: Instant | undefined;
  /** Most members that were open together. */
  readonly peak: number;
  /** Members that messages have only counted so far; undefined where all are named, or too many to be. */
  readonly unnamed: Unnamed | undefined;
}

/** The last notification that was sent about a member. */
export interface ToldMember {
  readonly severity: Severity;
  /** Time of its decision. */
  readonly at: Instant;
}

/** Secrets of a group that are still to be named. */
export interface Unnamed extends Target {
  readonly owner: string | undefined;
  readonly rotationFunctionArn: string | undefined;
  /** Time at which the next of them are named. */
  readonly at: Instant;
  /** Number of secrets in the group at its last message. */
  readonly crowd: number;
  readonly secrets: readonly UnnamedSecret[];
}

/** A secret that is still to be named. */
export interface UnnamedSecret extends NamedSecret {
  readonly member: MemberHash;
}

/** The record of a group about which nothing was sent. */
export const newRecord = (key: string): GroupRecord => ({
  key,
  members: {},
  ended: {},
  toldAt: undefined,
  escalatedAt: undefined,
  repeatedAt: undefined,
  peak: 0,
  unnamed: undefined,
});

/** The name of an alert in a record. */
export const memberOf = ({ fingerprint }: { readonly fingerprint: Fingerprint }): MemberHash =>
  arnHash(fingerprint);

/** Names the record of a group: one for all that is said about secrets behind one function, else one for each message. */
export function recordKey(group: Group): string {
  const first = firstOf(group.notifications);
  const { account, region, rotationFunctionArn, owner } = first;
  if (!converses(first)) return keyOfGroup(group);
  return JSON.stringify([account, region, rotationFunctionArn, groupFamily(first), owner]);
}

/** Whether this, or what has made it outdated, was sent: by a run that died, or that an index does not show yet. */
export function wasTold(notification: Notification, record: GroupRecord | undefined): boolean {
  if (record === undefined) return false;
  const { severity, at, transition } = notification;
  const member = memberOf(notification);
  const endedAt = record.ended[member];
  if (endedAt !== undefined && endedAt >= at) return true;
  const told = record.members[member];
  if (transition === 'resolved' || told === undefined) return false;
  return told.at >= at && rankOf(told.severity) >= rankOf(severity);
}

/** Time for which members that were reported are remembered; longer while their notifications wait to be cleared. */
const REMEMBER_MS = DAY;

/** The record after news, a repeat or a digest was sent. */
export function withTold(record: GroupRecord, group: Group, now: Instant): GroupRecord {
  const waiting = waitingOf(group);
  const ended = recent(record.ended, (at) => at, { waiting, now });
  const known = converses(firstOf(group.notifications))
    ? record.members
    : recent(record.members, ({ at }) => at, { waiting, now });
  const told = group.notifications.map((each): [MemberHash, ToldMember] => [
    memberOf(each),
    { severity: each.severity, at: each.at },
  ]);
  return { ...record, members: { ...known, ...Object.fromEntries(told) }, ended };
}

/** The record after ends were sent. */
export function withEnded(record: GroupRecord, group: Group, now: Instant): GroupRecord {
  const ends = new Map(group.notifications.map((each) => [memberOf(each), each.at]));
  const left = Object.entries(record.members).filter(([member]) => !ends.has(member));
  const known = recent(record.ended, (at) => at, { waiting: waitingOf(group), now });
  const ended = { ...known, ...Object.fromEntries(ends) };
  if (left.length === 0) return { ...newRecord(record.key), ended };
  return { ...record, members: Object.fromEntries(left), ended, unnamed: without(record.unnamed, ends) };
}

function without(unnamed: Unnamed | undefined, ends: ReadonlyMap<MemberHash, Instant>): Unnamed | undefined {
  const secrets = unnamed?.secrets.filter(({ member }) => !ends.has(member)) ?? [];
  return unnamed === undefined || secrets.length === 0 ? undefined : { ...unnamed, secrets };
}

const waitingOf = (group: Group): ReadonlySet<MemberHash> => new Set(everyOf(group).map(memberOf));

function recent<T>(
  known: Readonly<Record<MemberHash, T>>,
  atOf: (value: T) => Instant,
  { waiting, now }: { readonly waiting: ReadonlySet<MemberHash>; readonly now: Instant },
): Readonly<Record<MemberHash, T>> {
  const oldest = later(now, -REMEMBER_MS);
  const kept = Object.entries(known).filter(
    ([member, value]) => atOf(value) >= oldest || waiting.has(member),
  );
  return kept.length === Object.keys(known).length ? known : Object.fromEntries(kept);
}
