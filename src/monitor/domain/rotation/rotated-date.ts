import { type Instant, MINUTE } from '../../../calendar/instant.ts';
import type { Secret } from '../secret/secret.ts';
import { ABOUT_MS, type CurrentLook, isOfRotation, putsInUse } from './move-source.ts';

/** LastRotatedDate. Whether it moves with a value put by hand is not documented, so that it proves little alone. */
export interface RotatedDate {
  readonly at: Instant;
  /** The last rotation; a value put by hand; or a move that nothing but the date puts down to a rotation so far. */
  readonly of: 'rotation' | 'put' | 'unknown';
  /** The date of the last rotation before that. */
  readonly before: Instant | undefined;
  /** The first look that showed it. */
  readonly seenAt: Instant;
  /** The version that the last rotation before had put in use. */
  readonly from: string | undefined;
}

/** The part of a record of the version in use that is about its date. */
interface Dated {
  readonly dated?: RotatedDate | undefined;
}

/** A look at a date, beside the version in use. */
export interface DateLook {
  readonly look: CurrentLook;
  /** The version in use now. */
  readonly versionId: string;
  /** Whether it was in use at the look before, by a rotation as far as was known; else it was seen to move. */
  readonly stays: 'rotated' | 'put' | undefined;
  /** Whether it was in use earlier, and another one since. */
  readonly isEarlier: boolean;
  /** The version that the last rotation had put in use, as far as was known before the look. */
  readonly rotated: string;
}

/** LastRotatedDate may move with a value put by hand; then the two lie this close. */
const SAME_MOMENT_MS: number = MINUTE;

/** Returns the date at first sight, which is silent. */
export const firstDate = ({ secret, now }: CurrentLook): RotatedDate | undefined =>
  secret.lastRotatedAt && {
    at: secret.lastRotatedAt,
    of: 'rotation',
    before: undefined,
    seenAt: now,
    from: undefined,
  };

/** Returns what LastRotatedDate stands for after a look; a date that is older than the one known is a read that lags. */
export function redated(dated: RotatedDate | undefined, given: DateLook): RotatedDate | undefined {
  const { look, stays, isEarlier, rotated } = given;
  const at = look.secret.lastRotatedAt;
  if (at === undefined || at < (dated?.at ?? 0) || (dated === undefined && stays !== undefined)) return dated;
  if (at === dated?.at) {
    const isSettled = stays === undefined || dated.of === 'rotation';
    const of = isSettled ? dated.of : sourceOf(at, given, dated.of);
    return of === dated.of ? dated : { ...dated, of };
  }
  // Whatever puts a value moves the version with the date, or is put down to a change outside a rotation by then.
  const of = isEarlier ? 'put' : sourceOf(at, given, stays === 'rotated' ? 'rotation' : 'unknown');
  const before = dated?.of === 'put' ? dated.before : dated?.at;
  return { at, of, before, seenAt: look.now, from: rotated };
}

/** An event says more than the date, whenever it comes. */
function sourceOf(
  at: Instant,
  { look, versionId }: DateLook,
  otherwise: RotatedDate['of'],
): RotatedDate['of'] {
  if (isOfRotation(versionId, look)) return 'rotation';
  const isPut = look.evidence.some(
    (fact) => putsInUse(fact, versionId) && Math.abs(fact.at - at) <= SAME_MOMENT_MS,
  );
  return isPut ? 'put' : otherwise;
}

/**
 * Returns the secret with the date of its last rotation, which LastRotatedDate is not where a value put by hand moved
 * it.
 */
export function withRotationDate(secret: Secret, { dated }: Dated = {}): Secret {
  const { lastRotatedAt } = secret;
  const isOther = dated?.of === 'put' && lastRotatedAt !== undefined && lastRotatedAt <= dated.at;
  return isOther ? { ...secret, lastRotatedAt: dated.before } : secret;
}

/**
 * Returns the secret with the date of the last rotation that more than the date proves: for a while an event may come
 * that says that the value was put by hand.
 */
export function withProvenDate(secret: Secret, record: Dated | undefined, now: Instant): Secret {
  const dated = record?.dated;
  const isOpen =
    dated?.of === 'unknown' && secret.lastRotatedAt === dated.at && now - dated.seenAt <= ABOUT_MS;
  return isOpen ? { ...secret, lastRotatedAt: dated.before } : withRotationDate(secret, record);
}

/** Returns the time of the last rotation, as the record has it: AWS shows no date while rotation is off. */
export const lastRotation = ({ dated }: Dated = {}): Instant | undefined =>
  dated?.of === 'put' ? dated.before : dated?.at;
