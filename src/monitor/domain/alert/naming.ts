import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import { firstOf, type Group, type Names } from './group.ts';
import {
  type GroupRecord,
  type MemberHash,
  memberOf,
  type Unnamed,
  type UnnamedSecret,
} from './group-record.ts';
import type { Notification } from './notification.ts';

/** Most secrets that a message names. */
const MAX_NAMED = 200;
/** Size of a crowd up to which every secret is named within a day; of a larger one messages give the count. */
const MAX_NAMED_IN_ALL = 1000;
/** The next names follow after this: five messages name a thousand within six hours. */
const NEXT_NAMES_AFTER_MS: number = 90 * MINUTE;

/** The names in a message, and the record after it. */
export interface Naming {
  readonly names: Names;
  readonly record: GroupRecord;
}

/** The conditions of naming, apart from the group. */
interface Moment {
  /** Alerts whose end waits to be reported: they are no longer named. */
  readonly over: ReadonlySet<MemberHash>;
  readonly now: Instant;
}

/**
 * Returns the secrets that a message about a group names, beginning with those that none has named yet. `known` is the
 * record before the message and `told` the one after; `before` members have no part in the message.
 */
export function withNames(
  group: Group,
  { known, told }: { readonly known: GroupRecord; readonly told: GroupRecord },
  { before, over, now }: Moment & { readonly before: number },
): Naming {
  const waiting = new Set(known.unnamed?.secrets.map(({ member }) => member));
  const wasNamed = (each: Notification): boolean =>
    known.members[memberOf(each)] !== undefined && !waiting.has(memberOf(each));
  const joining = new Set(group.notifications.map(memberOf));
  const others = (known.unnamed?.secrets ?? []).filter(
    ({ member }) => !joining.has(member) && !over.has(member),
  );
  const fresh = group.notifications.filter((each) => !wasNamed(each)).map(toName);
  const again = group.notifications.filter(wasNamed).map(toName);
  const listed = [...fresh, ...(namesOthers(group) ? others : []), ...again].slice(0, MAX_NAMED);
  const { account, region, owner, rotationFunctionArn } = firstOf(group.notifications);
  const crowd = before + group.notifications.length;
  const secrets = [...fresh, ...others];
  const unnamed = { account, region, owner, rotationFunctionArn, crowd, at: now, secrets };
  const { names, record } = named(told, unnamed, listed);
  const shown = new Set(listed);
  return { names: { ...names, namedBefore: again.filter((each) => !shown.has(each)).length }, record };
}

/** A message about one secret has no list, and the lists of a digest are by what it holds. */
const namesOthers = ({ kind, notifications }: Group): boolean =>
  kind === 'alerts' && notifications.length > 1;

/** Returns the names for the next message about secrets that were only counted, and the record after it. */
export function nextNames(record: GroupRecord, unnamed: Unnamed, { over, now }: Moment): Naming {
  const secrets = unnamed.secrets.filter(({ member }) => !over.has(member));
  return named(record, { ...unnamed, at: now, secrets }, secrets.slice(0, MAX_NAMED));
}

function named(record: GroupRecord, unnamed: Unnamed, listed: readonly UnnamedSecret[]): Naming {
  const { crowd, at, secrets } = unnamed;
  const listing = new Set(listed.map(({ member }) => member));
  const left = secrets.filter(({ member }) => !listing.has(member));
  const othersFollow = left.length > 0 && crowd <= MAX_NAMED_IN_ALL;
  const rest = { ...unnamed, at: later(at, NEXT_NAMES_AFTER_MS), secrets: left };
  return {
    names: { listed, crowd, left: left.length, namedBefore: 0, othersFollow },
    record: { ...record, unnamed: othersFollow ? rest : undefined },
  };
}

const toName = (notification: Notification): UnnamedSecret => {
  const { secretName, severity, code, finding } = notification;
  return { member: memberOf(notification), secretName, severity, code, since: finding.since };
};
