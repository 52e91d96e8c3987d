import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import type { Secret } from '../secret/secret.ts';
import { currentVersion, pendingVersion, previousVersion } from '../secret/version-stage.ts';
import type { Evidence } from './evidence.ts';
import type { ProgressSource } from './progress.ts';

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
}

/** AWSCURRENT went to another version, and no rotation did it. */
export interface OutsideMove {
  readonly kind: 'replaced' | 'moved-back';
  readonly from: string;
  readonly to: string;
  /** The first look that showed it. */
  readonly seenAt: Instant;
  /** Time and caller of the change, where an event names them. */
  readonly by?: { readonly at: Instant; readonly actor: string | undefined } | undefined;
}

/** Returns the time of a move, or the earliest at which it can have been where no event names it. */
export const movedFrom = ({ by, seenAt }: OutsideMove): Instant => by?.at ?? later(seenAt, -ABOUT_MS);

/** The observation of the version in use, with the known facts about how it came there. */
export interface CurrentLook extends ProgressSource {
  readonly secret: Secret;
  readonly now: Instant;
  /** The version that was pending before this look. */
  readonly pendingBefore: string | undefined;
  /** ARNs of those who may write values outside rotations. */
  readonly expectedWriters: readonly string[];
}

/** Most versions remembered of those that were in use; AWS itself remembers one. */
const MOST_EARLIER = 5;
/** The event of a call and a look at what it did lie no further apart. */
const ABOUT_MS: number = 15 * MINUTE;
/** LastRotatedDate may move with a value put by hand; then the two lie this close. */
const SAME_MOMENT_MS: number = MINUTE;

/**
 * Remembers which version is in use and whether a rotation put it there. Without rotation a record follows silently and
 * none is begun; first sight is silent, too.
 */
export function currentSight(known: CurrentSight | undefined, look: CurrentLook): CurrentSight | undefined {
  const { secret, now } = look;
  const versionId = currentVersion(secret.versionStages);
  if (versionId === undefined || secret.deletedAt !== undefined) return known;
  const rotates = secret.rotationEnabled === true;
  if (known === undefined) return rotates ? firstSight(versionId, look) : undefined;
  if (versionId === known.versionId) return explained(known, look);
  const earlier = [known.versionId, ...known.earlier.filter((id) => id !== known.versionId)];
  const moved = { ...known, versionId, seenAt: now, earlier: earlier.slice(0, MOST_EARLIER) };
  if (!rotates) return { ...moved, rotated: versionId };
  return explained(isOwn(versionId, known, look) ? accepted(moved) : outside(moved, known), look);
}

function firstSight(versionId: string, { secret, now }: CurrentLook): CurrentSight {
  const previous = previousVersion(secret.versionStages);
  const earlier = previous === undefined || previous === versionId ? [] : [previous];
  return { versionId, seenAt: now, rotated: versionId, earlier };
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
export const accepted = ({ versionId, seenAt, earlier }: CurrentSight): CurrentSight => ({
  versionId,
  seenAt,
  rotated: versionId,
  earlier,
});

/** A further move updates the first; back on the version of the last rotation, all is as that rotation left it. */
function outside(moved: CurrentSight, known: CurrentSight): CurrentSight {
  if (moved.versionId === known.rotated) return accepted(moved);
  const before = known.outside;
  const isBack = known.earlier.includes(moved.versionId) || before?.kind === 'moved-back';
  return {
    ...moved,
    outside: {
      kind: isBack ? 'moved-back' : 'replaced',
      from: before?.from ?? known.versionId,
      to: moved.versionId,
      seenAt: before?.seenAt ?? moved.seenAt,
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
  const writer = writerOf(move, look);
  if (isSilent(look.secret) || (writer !== undefined && isExpected(writer, look))) return accepted(sight);
  if (writer === undefined) return sight;
  return { ...sight, outside: { ...move, by: { at: writer.at, actor: writer.actor } } };
}

const isEarlier = ({ kind }: OutsideMove): boolean => kind === 'moved-back';

/** Before the first rotation nothing is known of the target; a service that owns a secret does as it likes. */
const isSilent = ({ lastRotatedAt, owningService }: Secret): boolean =>
  lastRotatedAt === undefined || owningService !== undefined;

function isOwn(versionId: string, known: CurrentSight, look: CurrentLook): boolean {
  if (known.earlier.includes(versionId)) return false;
  if (isOfRotation(versionId, look)) return true;
  const { lastRotatedAt } = look.secret;
  if (lastRotatedAt === undefined || lastRotatedAt <= known.seenAt) return false;
  // Whether LastRotatedDate moves with a value put by hand is not documented: an event says more than the date.
  return !look.evidence.some(
    (fact) => putsInUse(fact, versionId) && Math.abs(fact.at - lastRotatedAt) <= SAME_MOMENT_MS,
  );
}

/** Whether a version was seen AWSPENDING, or a rotation is known to have made it. */
function isOfRotation(versionId: string, look: CurrentLook): boolean {
  const { secret, evidence, progress = [], pendingBefore } = look;
  if (versionId === pendingBefore || versionId === pendingVersion(secret.versionStages)) return true;
  if (progress.some((each) => each.versionId === versionId)) return true;
  return evidence.some((fact) => fact.versionId === versionId && isRotations(fact, secret));
}

/** A call that puts AWSPENDING on a version has seen it so; a label of anybody's own proves no rotation. */
function isRotations(fact: Evidence, secret: Secret): boolean {
  if (fact.kind !== 'secret-changed')
    return fact.kind.startsWith('rotation-') || fact.kind.startsWith('pending-');
  if (fact.operation === 'RotateSecret') return true;
  return fact.makesPending === true || isByFunction(fact, secret);
}

/**
 * Whether a function has moved the label. It works in a session of its role that has its name; whoever assumes a role
 * chooses that name, so that a value put under it proves nothing.
 */
function isByFunction({ operation, actor }: Evidence, { rotationFunctionArn }: Secret): boolean {
  if (operation !== 'UpdateSecretVersionStage') return false;
  const name = /:function:([^:]+)/.exec(rotationFunctionArn ?? '')?.[1];
  return name !== undefined && actor?.includes(':assumed-role/') === true && actor.endsWith(`/${name}`);
}

/** UpdateSecret may not name the version that it makes. */
const putsInUse = ({ operation, versionId, makesCurrent }: Evidence, inUse: string): boolean =>
  makesCurrent === true && (versionId === inUse || (operation === 'UpdateSecret' && versionId === undefined));

function writerOf(move: OutsideMove, { evidence }: CurrentLook): Evidence | undefined {
  const writes = evidence.filter(
    (fact) => putsInUse(fact, move.to) && Math.abs(fact.at - move.seenAt) <= ABOUT_MS,
  );
  return writes.findLast(({ versionId }) => versionId === move.to) ?? writes.at(-1);
}

/**
 * Whether whoever put a value in use may: a writer of the settings, or CloudFormation, which puts a value once it has
 * attached a secret to its database. That deployments overwrite values is another call.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
 */
function isExpected({ operation, actor, via }: Evidence, { expectedWriters }: CurrentLook): boolean {
  if (operation === 'PutSecretValue' && via === 'cloudformation.amazonaws.com') return true;
  return actor !== undefined && expectedWriters.some((writer) => isWriter(actor, writer));
}

/** A writer is an ARN, the beginning of one with `*` behind it, or the ARN of a role for all of its sessions. */
function isWriter(actor: string, writer: string): boolean {
  if (writer.endsWith('*')) return actor.startsWith(writer.slice(0, -1));
  return actor === writer || (roleOf(actor) !== undefined && roleOf(actor) === roleOf(writer));
}

/** Account and name of a role, whether its own ARN is given or that of a session; paths do not stand in the latter. */
function roleOf(arn: string): string | undefined {
  const [, account, ofSession, ofRole] =
    /^arn:[\w-]+:(?:sts|iam)::(\d{12}):(?:assumed-role\/([^/]+)\/|role\/(?:.*\/)?([^/]+)$)/.exec(arn) ?? [];
  const name = ofSession ?? ofRole;
  return name === undefined ? undefined : `${account} ${name}`;
}
