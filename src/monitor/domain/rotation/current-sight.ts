import { type Instant, later } from '../../../calendar/instant.ts';
import type { Secret } from '../secret/secret.ts';
import { currentVersion, previousVersion } from '../secret/version-stage.ts';
import type { Evidence } from './evidence.ts';
import { ABOUT_MS, type CurrentLook, isExpected, isOfRotation, writerOf } from './move-source.ts';
import { type DateLook, firstDate, type RotatedDate, redated } from './rotated-date.ts';

/** The version that a rotated secret was last seen to have in use. */
export interface CurrentSight {
  /** The version that carried AWSCURRENT. */
  readonly versionId: string;
  /** Time it was first seen to. */
  readonly seenAt: Instant;
  /** The version that the last rotation put in use; at first sight the one in use. */
  readonly rotated: string;
  /** The versions in use before, the last one first. */
  readonly earlier: readonly string[];
  /** A move that was no rotation's own, until the next success. */
  readonly outside?: OutsideMove | undefined;
  /** LastRotatedDate as last seen, and what it stands for. */
  readonly dated?: RotatedDate | undefined;
}

/** AWSCURRENT went to another version, and no rotation did it. */
export interface OutsideMove {
  /** The gravest of the moves. */
  readonly kind: 'replaced' | 'moved-back';
  /** Kind of the last move, where it was another. */
  readonly last?: 'replaced' | undefined;
  readonly from: string;
  readonly to: string;
  /** The first look that showed it. */
  readonly seenAt: Instant;
  /** Time and caller of the change, where an event names them. */
  readonly by?: { readonly at: Instant; readonly actor: string | undefined } | undefined;
  /** Whether rotation was off then. It counts if it was off for no longer than a deployment takes. */
  readonly whileOff?: boolean | undefined;
}

/** Returns the time of a move, or the earliest at which it can have been where no event names it. */
export const movedFrom = ({ by, seenAt }: OutsideMove): Instant => by?.at ?? later(seenAt, -ABOUT_MS);

/** Most versions remembered of those that were in use; AWS itself remembers one. */
const MOST_EARLIER = 5;

/**
 * Remembers which version is in use and whether a rotation put it there. Without rotation a record follows silently, but
 * for a move while rotation is off for a moment, and none is begun; first sight is silent, too.
 */
export function currentSight(known: CurrentSight | undefined, look: CurrentLook): CurrentSight | undefined {
  const { secret, now } = look;
  const versionId = currentVersion(secret.versionStages);
  if (versionId === undefined || secret.deletedAt !== undefined) return known;
  const rotates = secret.rotationEnabled === true;
  if (known === undefined) return rotates ? firstSight(versionId, look) : undefined;
  const dated = redated(known.dated, dateLook(versionId, known, look));
  if (versionId === known.versionId) return explained(reconsidered(dated, known), look);
  const earlier = [known.versionId, ...known.earlier.filter((id) => id !== known.versionId)];
  const moved = { ...known, versionId, seenAt: now, earlier: earlier.slice(0, MOST_EARLIER), dated };
  return explained(isOwn(moved, known, look) ? accepted(moved) : outside(moved, known, rotates), look);
}

const dateLook = (versionId: string, known: CurrentSight, look: CurrentLook): DateLook => ({
  look,
  versionId,
  stays: versionId === known.versionId ? stayOf(known) : undefined,
  isEarlier: known.earlier.includes(versionId),
  rotated: known.rotated,
});

const stayOf = ({ outside: move }: CurrentSight): DateLook['stays'] =>
  move === undefined ? 'rotated' : 'put';

function firstSight(versionId: string, look: CurrentLook): CurrentSight {
  const previous = previousVersion(look.secret.versionStages);
  const earlier = previous === undefined || previous === versionId ? [] : [previous];
  const dated = firstDate(look);
  return { versionId, seenAt: look.now, rotated: versionId, earlier, ...(dated && { dated }) };
}

/** Applies what has become known of the date to a version in use that it had put down to a rotation, or had not. */
function reconsidered(dated: RotatedDate | undefined, known: CurrentSight): CurrentSight {
  const { dated: before, outside: move, earlier } = known;
  if (dated === undefined || dated === before) return known;
  const sight = { ...known, dated };
  if (dated.of === 'unknown' && move !== undefined && !isEarlier(move)) return accepted(sight);
  const [from, ...rest] = earlier;
  if (dated.of !== 'put' || before?.of !== 'unknown' || from === undefined) return sight;
  const rotated = dated.from ?? from;
  return outside(
    { ...sight, rotated, seenAt: dated.seenAt },
    { ...sight, rotated, versionId: from, earlier: rest },
    true,
  );
}

/**
 * The version that the last rotation promoted, as far as known: once a look has seen that rotation, the version in use
 * may have been put by hand.
 */
export const lastRotatedVersion = (
  known: CurrentSight | undefined,
  { lastRotatedAt, versionStages }: Secret,
): string | undefined =>
  known !== undefined && lastRotatedAt !== undefined && lastRotatedAt <= known.seenAt
    ? known.rotated
    : currentVersion(versionStages);

/** The version in use as one that is meant to be: by a rotation, or by word of a person. */
export const accepted = ({ versionId, seenAt, earlier, dated }: CurrentSight): CurrentSight => ({
  versionId,
  seenAt,
  rotated: versionId,
  earlier,
  ...(dated && { dated }),
});

/** A further move updates the first; back on the version of the last rotation, all is as that rotation left it. */
function outside(moved: CurrentSight, known: CurrentSight, rotates: boolean): CurrentSight {
  if (moved.versionId === known.rotated) return accepted(moved);
  const before = known.outside;
  const isEarlierOne = known.earlier.includes(moved.versionId);
  const isBack = isEarlierOne || before?.kind === 'moved-back';
  return {
    ...moved,
    outside: {
      kind: isBack ? 'moved-back' : 'replaced',
      ...(isBack && !isEarlierOne ? { last: 'replaced' as const } : {}),
      from: before?.from ?? known.versionId,
      to: moved.versionId,
      seenAt: before?.seenAt ?? moved.seenAt,
      ...((before === undefined ? !rotates : before.whileOff) ? { whileOff: true } : {}),
    },
  };
}

/**
 * Applies later events to a change outside rotation: it was a rotation after all, its writer is allowed, or its writer
 * is now known.
 */
function explained(sight: CurrentSight, look: CurrentLook): CurrentSight {
  const move = sight.outside;
  if (move === undefined) return sight;
  if (isOfRotation(move.to, look) && !isEarlier(move)) return accepted(sight);
  const writer = writerOf(sight, look);
  if (isOff(move, look)) return accepted(sight);
  if (isSilent(look.secret, sight) || (writer !== undefined && isExpected(writer, look)))
    return accepted(sight);
  if (writer === undefined) return sight;
  return { ...sight, outside: { ...move, by: { at: writer.at, actor: writer.actor } } };
}

/** Whether the version in use was in use before. */
const isEarlier = ({ kind, last }: OutsideMove): boolean => (last ?? kind) === 'moved-back';

/** Before the first rotation nothing is known of the target; a service that owns a secret does as it likes. */
const isSilent = ({ lastRotatedAt, owningService }: Secret, { dated }: CurrentSight): boolean =>
  (lastRotatedAt ?? dated?.at) === undefined || owningService !== undefined;

/**
 * Whether a move was made while rotation was off for longer than a deployment takes that replaces the settings. Events
 * come in any order, so that this is decided once they have had their time.
 */
function isOff({ whileOff, seenAt }: OutsideMove, { secret, evidence, now }: CurrentLook): boolean {
  if (whileOff !== true || now - seenAt < ABOUT_MS) return false;
  const isBrief = evidence.some((fact) => isSwitchingOff(fact) && Math.abs(fact.at - seenAt) <= ABOUT_MS);
  return secret.rotationEnabled !== true || !isBrief;
}

const isSwitchingOff = ({ kind, operation }: Evidence): boolean =>
  kind === 'rotation-disabled' || operation === 'CancelRotateSecret';

function isOwn({ versionId, dated }: CurrentSight, known: CurrentSight, look: CurrentLook): boolean {
  if (known.earlier.includes(versionId)) return false;
  if (isOfRotation(versionId, look)) return true;
  const { lastRotatedAt } = look.secret;
  if (lastRotatedAt === undefined || lastRotatedAt <= known.seenAt) return false;
  return dated?.of !== 'put';
}
