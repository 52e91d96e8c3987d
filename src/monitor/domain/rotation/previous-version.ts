import { DAY, type Instant, instant } from '../../../calendar/instant.ts';
import { rotationIntervalMs } from '../secret/rotation-interval.ts';
import { isReplica, type Secret } from '../secret/secret.ts';
import { currentVersion, previousVersion } from '../secret/version-stage.ts';
import type { Evidence } from './evidence.ts';

/** A request for AWSPREVIOUS on a later day than the rotation that made it so. */
export interface PreviousUse {
  readonly versionId: string;
  /** The day of the last request, at midnight UTC: AWS reports no time. */
  readonly requestedOn: Instant;
  readonly rotatedAt: Instant;
}

/** ListSecretVersionIds' facts about one version. */
export interface VersionDates {
  readonly createdAt: Instant | undefined;
  /** The day of the last request, at midnight UTC. */
  readonly lastAccessedAt: Instant | undefined;
}

/** Rotations that come more often are over before anybody could look into it. */
const SHORTEST_INTERVAL_MS: number = 7 * DAY;
/** A request is let go when its day and a week more have passed without another. */
const QUIET_AFTER_MS: number = 8 * DAY;

/** The day an instant lies in, at midnight UTC. */
export const dayOf = (at: Instant): Instant => instant(Math.floor(at / DAY) * DAY);

/** Whether AWSPREVIOUS may have been requested after the rotation: the list shows enough to rule most secrets out. */
export function mayUsePrevious(secret: Secret): boolean {
  const { versionStages, lastRotatedAt, lastAccessedAt, deletedAt } = secret;
  if (deletedAt !== undefined || isReplica(secret)) return false;
  if (lastRotatedAt === undefined || lastAccessedAt === undefined) return false;
  if (lastAccessedAt <= lastRotatedAt || previousVersion(versionStages) === undefined) return false;
  return (rotationIntervalMs(secret) ?? 0) >= SHORTEST_INTERVAL_MS;
}

/**
 * The request for AWSPREVIOUS that the versions show. None where the last rotation has not put the present versions in
 * their places: somebody has moved labels since, and the day he did so is not known.
 */
export function previousUse(
  secret: Secret,
  versions: Readonly<Record<string, VersionDates>>,
): PreviousUse | undefined {
  if (!mayUsePrevious(secret)) return undefined;
  const versionId = previousVersion(secret.versionStages) ?? '';
  const { lastAccessedAt: requestedOn, createdAt: madeFirst } = versions[versionId] ?? {};
  const madeThen = versions[currentVersion(secret.versionStages) ?? '']?.createdAt;
  const { lastRotatedAt: rotatedAt } = secret;
  if (rotatedAt === undefined || requestedOn === undefined) return undefined;
  if (madeFirst === undefined || madeThen === undefined) return undefined;
  const isInOrder = madeFirst < madeThen && madeThen <= rotatedAt;
  return isInOrder && requestedOn > rotatedAt ? { versionId, requestedOn, rotatedAt } : undefined;
}

/** Returns the known request while the versions keep their places; undefined once they have moved. */
export const stillPrevious = (
  known: PreviousUse | undefined,
  { versionStages, lastRotatedAt }: Secret,
): PreviousUse | undefined =>
  known?.versionId === previousVersion(versionStages) && known?.rotatedAt === lastRotatedAt
    ? known
    : undefined;

/** Whether nobody has asked for the version for a week. */
export const isQuiet = ({ requestedOn }: PreviousUse, now: Instant): boolean =>
  now - requestedOn >= QUIET_AFTER_MS;

/** Known attempts to rotate since. */
interface Attempts {
  readonly pending: { readonly since: Instant } | undefined;
  readonly evidence: readonly Evidence[];
}

/**
 * Whether the rotation function may have made the last request itself: the official templates read AWSPREVIOUS in
 * setSecret. https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas
 */
export function isByRotation(
  { requestedOn, rotatedAt }: PreviousUse,
  { pending, evidence }: Attempts,
): boolean {
  if (pending !== undefined && dayOf(pending.since) <= requestedOn) return true;
  return evidence.some(({ kind, at }) => {
    if (at <= rotatedAt) return false;
    if (kind === 'pending-vanished' || kind === 'rotation-abandoned') return dayOf(at) >= requestedOn;
    const isAttempt = kind === 'rotation-started' || kind === 'rotation-failed';
    return isAttempt && dayOf(at) === requestedOn;
  });
}
