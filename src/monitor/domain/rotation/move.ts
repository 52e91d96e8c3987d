import {
  HOUR,
  type Instant,
  instant,
  later,
  MINUTE,
  SECOND,
  wholeSecond,
} from '../../../calendar/instant.ts';
import { LOOK_LAGS_MS, type Secret, type SecretArn } from '../secret/secret.ts';
import { currentVersion, previousVersion } from '../secret/version-stage.ts';
import type { RotationEvent } from './rotation-event.ts';

/** A move of AWSCURRENT to another version, as applications are notified of it. */
interface Move {
  readonly secretArn: SecretArn;
  /** The version that is AWSCURRENT since. */
  readonly versionId: string;
  /** The version that was AWSCURRENT before; undefined where nothing says which. */
  readonly previousVersionId: string | undefined;
  /** Time AWSCURRENT moved, as well as it is known. It never decreases from one move of a secret to the next. */
  readonly changedAt: Instant;
  /** Rises from one move of a secret to the next. It is at least the milliseconds of `changedAt`, so that it rises even where the record was lost. */
  readonly sequence: number;
}

/** The last move of a secret that applications were notified of, or are about to be. */
export interface MoveRecord extends Move {
  /** 0 before the first write; each write adds 1. */
  readonly revision: number;
  /** Whether the event is out. A move is stored first, so that a crash repeats it and never loses it. */
  readonly isTold: boolean;
  /** The last change of the secret, tags included, in the look that showed the move: a look that shows less is older. */
  readonly asOf: Instant | undefined;
}

/** An event's report about AWSCURRENT. */
export interface MoveHint {
  /** The version that became AWSCURRENT; undefined when the event does not name it. */
  readonly versionId: string | undefined;
  readonly at: Instant;
  /** Whether `at` is when the label moved, and not when the rotation ended that had moved it. */
  readonly isExact: boolean;
}

/** A change of AWSCURRENT that has to be reported. */
interface Moved {
  readonly kind: 'moved';
  readonly versionId: string;
  readonly previousVersionId: string | undefined;
  readonly at: Instant;
  /** The same as in {@link MoveRecord}. */
  readonly asOf: Instant | undefined;
}

/** The verdict on an event or a list: nothing to report, a look that is older than the event, or a move. */
export type MoveVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; readonly until: Instant }
  | Moved;

/** Longest lag of ListSecrets. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html */
const LISTS_LAG_MS: number = 5 * MINUTE;
/** LastRotatedDate and the event of the same rotation lie no further apart. */
const SAME_ROTATION_MS: number = MINUTE;
/** The events of one move lie no further apart. */
const SAME_MOVE_MS: number = MINUTE;
/** A change further away than this has nothing to do with the rotation that ended. */
const ABOUT_MS: number = HOUR;

const DONE: MoveVerdict = { kind: 'done' };

/** Returns the report of an event about AWSCURRENT; undefined when it makes none. */
export function moveHint(event: RotationEvent): MoveHint | undefined {
  const { at } = event;
  switch (event.kind) {
    case 'label-moved':
      return event.label === 'AWSCURRENT' ? { versionId: event.versionId, at, isExact: true } : undefined;
    case 'rotation-succeeded':
      return { versionId: event.versionId, at, isExact: false };
    case 'secret-changed':
      return event.makesCurrent && event.versionId !== undefined
        ? { versionId: event.versionId, at, isExact: true }
        : undefined;
    default:
      return undefined;
  }
}

/** The facts by which an event is judged. */
export interface MoveFacts {
  readonly hint: MoveHint;
  /** The secret as it looks now, or looked a moment ago; undefined when the look failed. */
  readonly secret: Secret | undefined;
  readonly now: Instant;
  /** Whether the event will not come again, so that the look counts as it is. */
  readonly isLast: boolean;
}

/**
 * Judges what an event says against the last move and a look. Events come in any order and looks may be old: the time
 * of the event decides what is older, never the version stages.
 */
export function judgeMove(record: MoveRecord | undefined, facts: MoveFacts): MoveVerdict {
  const { hint, secret, now, isLast } = facts;
  if (record !== undefined && isBehind(record, hint)) return DONE;
  const standsAt = later(hint.at, LOOK_LAGS_MS);
  const versionId = secret && currentVersion(secret.versionStages);
  const isOld = secret === undefined || isOlder(secret, record);
  const counts = !isOld && (agrees(hint, secret) || isNewer(hint, secret));
  if (!counts && !isLast && now < standsAt) return { kind: 'wait', until: standsAt };
  if (isOld || versionId === undefined) return DONE;
  if (versionId === record?.versionId && !hasLeft(record, hint)) return DONE;
  return moved(record, { secret, versionId, at: timeOf(hint, secret) });
}

/** Whether applications know what the event says, or something newer. */
function isBehind(record: MoveRecord, hint: MoveHint): boolean {
  const { versionId, at, isExact } = hint;
  if (at < record.changedAt) return true;
  if (versionId === undefined) return false;
  if (versionId === record.versionId) return !hasLeft(record, hint);
  // A version comes out of one rotation only: what ended late had moved the label before it was moved back.
  return !isExact && versionId === record.previousVersionId;
}

/**
 * Whether AWSCURRENT has left the version reported last since then, by what the event says. Where a look shows it there
 * it is back, and whoever read the secret in between holds the other version.
 */
function hasLeft(record: MoveRecord, { versionId, at, isExact }: MoveHint): boolean {
  if (versionId === undefined) return false;
  if (versionId !== record.versionId) return at > record.changedAt;
  return isExact && at > later(record.changedAt, SAME_MOVE_MS);
}

/** Whether the look is older than the one that showed the last move. */
const isOlder = ({ lastChangedAt }: Secret, record: MoveRecord | undefined): boolean =>
  lastChangedAt !== undefined && record?.asOf !== undefined && lastChangedAt < record.asOf;

function agrees({ versionId, at }: MoveHint, { versionStages, lastRotatedAt }: Secret): boolean {
  if (versionId !== undefined) return currentVersion(versionStages) === versionId;
  return lastRotatedAt !== undefined && lastRotatedAt >= at - SAME_ROTATION_MS;
}

/** Events carry whole seconds: a change in the same second may be older. */
const isNewer = ({ at }: MoveHint, secret: Secret): boolean =>
  (changedAt(secret) ?? Number.NEGATIVE_INFINITY) > wholeSecond(at);

/** Returns the time of the move that the look shows. */
function timeOf(hint: MoveHint, secret: Secret): Instant {
  const { at } = hint;
  const changed = changedAt(secret) ?? at;
  if (isNewer(hint, secret) && !agrees(hint, secret)) return changed;
  return hint.isExact || changed < at - ABOUT_MS ? at : instant(Math.min(at, changed));
}

const changedAt = ({ lastChangedAt }: Secret): Instant | undefined =>
  lastChangedAt === undefined ? undefined : wholeSecond(lastChangedAt);

/**
 * Judges a secret of a list against the last move. A list may lag: what it shows counts when it changed after what
 * showed the move, or when the move lies further back than a list can lag. A first version that was never followed is
 * no move.
 */
export function judgeListed(record: MoveRecord | undefined, secret: Secret, now: Instant): MoveVerdict {
  const versionId = currentVersion(secret.versionStages);
  const at = changedAt(secret);
  if (versionId === undefined || at === undefined || versionId === record?.versionId) return DONE;
  if (record === undefined && previousVersion(secret.versionStages) === undefined) return DONE;
  return record === undefined || isNews(record, { secret, at, now })
    ? moved(record, { secret, versionId, at })
    : DONE;
}

function isNews(
  record: MoveRecord,
  { secret, at, now }: { readonly secret: Secret; readonly at: Instant; readonly now: Instant },
): boolean {
  if (isOlder(secret, record)) return false;
  const { asOf, changedAt: toldAt } = record;
  const isLater = asOf === undefined ? at > toldAt : (secret.lastChangedAt ?? at) > asOf;
  return isLater || now > toldAt + LISTS_LAG_MS + SECOND;
}

function moved(
  record: MoveRecord | undefined,
  { secret, versionId, at }: { readonly secret: Secret; readonly versionId: string; readonly at: Instant },
): Moved {
  const previous = previousVersion(secret.versionStages);
  const previousVersionId = previous === versionId ? undefined : previous;
  const asOf = secret.lastChangedAt;
  return { kind: 'moved', versionId, previousVersionId: previousVersionId ?? record?.versionId, at, asOf };
}

/** The record of a move that is about to be reported. */
export function nextMove(
  record: MoveRecord | undefined,
  secretArn: SecretArn,
  { at, ...move }: Moved,
): MoveRecord {
  const changedAt = instant(Math.max(at, record?.changedAt ?? at));
  const sequence = Math.max(changedAt, (record?.sequence ?? 0) + 1);
  const revision = record?.revision ?? 0;
  const { versionId, previousVersionId, asOf } = move;
  return { secretArn, versionId, previousVersionId, changedAt, sequence, revision, isTold: false, asOf };
}
