import { type Instant, later } from '../../../calendar/instant.ts';
import { lastRotatedVersion } from '../rotation/current-sight.ts';
import type { Evidence } from '../rotation/evidence.ts';
import {
  allProgress,
  isAfterEnd,
  type ProgressSource,
  reachesTarget,
  type VersionProgress,
} from '../rotation/progress.ts';
import { LOOK_LAGS_MS, type Secret } from '../secret/secret.ts';
import { currentVersion, isServiceLabel, pendingApart } from '../secret/version-stage.ts';
import type { PendingSight, SecretState } from '../state/secret-state.ts';
import type { PendingVersion } from './detector.ts';

/** The input of a look at the pending version. */
export interface PendingLook {
  readonly secret: Secret;
  /** CreatedDate by version id, as far as asked for. */
  readonly createdAt: Readonly<Record<string, Instant>>;
  readonly now: Instant;
  /** The facts that are known. */
  readonly evidence: readonly Evidence[];
}

/** Remembers the pending version a look shows: first sight is kept for as long as the version stays pending. */
export function sight(
  known: PendingSight | undefined,
  { secret, createdAt, now, evidence }: PendingLook,
): PendingSight | undefined {
  const versionId = pendingApart(secret.versionStages);
  if (versionId === undefined) return undefined;
  const same = known?.versionId === versionId ? known : undefined;
  const firstSeenAt = same?.firstSeenAt ?? now;
  const startedAt = startOf(versionId, evidence, { known: same?.startedAt, firstSeenAt });
  return {
    versionId,
    firstSeenAt,
    createdAt: same?.createdAt ?? createdAt[versionId],
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

/**
 * Returns the start of the rotation to a version, by its events; undefined where an attempt failed before the version
 * was first seen: it may have been created by a later one, as when all labels were in use.
 */
export function startOf(
  versionId: string,
  evidence: readonly Evidence[],
  { known, firstSeenAt }: { readonly known: Instant | undefined; readonly firstSeenAt: Instant | undefined },
): Instant | undefined {
  const own = evidence.filter((fact) => fact.versionId === versionId);
  const hasFailedBefore = own.some(
    ({ kind, at }) => kind === 'rotation-failed' && (firstSeenAt === undefined || at < firstSeenAt),
  );
  if (hasFailedBefore) return undefined;
  return own
    .filter(({ kind }) => kind === 'rotation-started')
    .reduce((earliest, { at }) => (earliest === undefined || at < earliest ? at : earliest), known);
}

/** Evidence that a version seen pending has lost AWSPENDING without ever becoming AWSCURRENT; undefined when it has not. */
export function vanishing(
  known: PendingSight | undefined,
  { secret, now }: Pick<PendingLook, 'secret' | 'now'>,
): Evidence | undefined {
  if (known === undefined) return undefined;
  const stages = secret.versionStages[known.versionId];
  if (stages?.includes('AWSPENDING') || wasCurrent(stages)) return undefined;
  if (secret.lastRotatedAt !== undefined && secret.lastRotatedAt > known.firstSeenAt) return undefined;
  return {
    id: `vanished:${known.versionId}`,
    kind: 'pending-vanished',
    at: now,
    versionId: known.versionId,
    pendingFrom: known.firstSeenAt,
  };
}

/**
 * Evidence that versions which had begun setSecret are gone, although no look ever showed them pending: their label was
 * taken off before the report of their failure arrived.
 */
export const missing = (
  known: ProgressSource & Pick<SecretState, 'current' | 'pending'>,
  look: Pick<PendingLook, 'secret' | 'now'>,
): readonly Evidence[] =>
  allProgress(known).flatMap((version): readonly Evidence[] => {
    const { versionId, firstFailedAt, lastFailedAt } = version;
    if (versionId === known.pending?.versionId || !isUnsettled(version, known, look)) return [];
    return [
      {
        id: `vanished:${versionId}`,
        kind: 'pending-vanished',
        at: later(lastFailedAt ?? look.now, LOOK_LAGS_MS),
        versionId,
        ...(firstFailedAt === undefined ? {} : { pendingFrom: firstFailedAt }),
      },
    ];
  });

function isUnsettled(
  { versionId, reached, givenUp, lastFailedAt, succeededAt, promotedAt }: VersionProgress,
  { current }: Pick<SecretState, 'current'>,
  { secret, now }: Pick<PendingLook, 'secret' | 'now'>,
): boolean {
  if (givenUp !== undefined || lastFailedAt === undefined || !reachesTarget(reached)) return false;
  if (now - lastFailedAt < LOOK_LAGS_MS) return false;
  if (Math.max(succeededAt ?? -1, promotedAt ?? -1) >= lastFailedAt) return false;
  if (secret.versionStages[versionId]?.some(isServiceLabel) || current?.earlier.includes(versionId))
    return false;
  if (secret.lastRotatedAt !== undefined) return secret.lastRotatedAt <= lastFailedAt;
  // The date shows only while rotation is on; else what is in use longer than the failure is proves that none followed.
  return secret.rotationEnabled === true || (current !== undefined && current.seenAt <= lastFailedAt);
}

/**
 * Evidence that a rotation succeeded after a version had been given up; undefined when none has, or none was given up.
 * DescribeSecret shows the date only while rotation is on, so it has to be remembered.
 */
export function settling(
  known: ProgressSource & Pick<SecretState, 'current'>,
  secret: Secret,
): Evidence | undefined {
  const { lastRotatedAt } = secret;
  const isSettled = allProgress(known).some(
    ({ givenUp }) =>
      givenUp !== undefined && lastRotatedAt !== undefined && isAfterEnd(lastRotatedAt, givenUp),
  );
  if (lastRotatedAt === undefined || !isSettled) return undefined;
  const versionId = lastRotatedVersion(known.current, secret);
  return {
    id: idOfDate(lastRotatedAt),
    kind: 'rotation-succeeded',
    at: lastRotatedAt,
    ...(versionId === undefined ? {} : { versionId }),
  };
}

const idOfDate = (lastRotatedAt: Instant): string => `rotated:${lastRotatedAt}`;

/** Takes back what a date has proved that turns out to be that of a value put by hand. */
export const withoutPutDate = (
  evidence: readonly Evidence[],
  current: SecretState['current'],
): readonly Evidence[] => {
  const { of, at } = current?.dated ?? {};
  const disproved = of === 'put' && at !== undefined ? idOfDate(at) : undefined;
  return evidence.some(({ id }) => id === disproved)
    ? evidence.filter(({ id }) => id !== disproved)
    : evidence;
};

/**
 * Evidence that versions which had been given up became AWSCURRENT after all: each later loses its last stage, as every
 * version does, and is not lost then.
 */
export const promotions = (
  known: ProgressSource,
  { secret: { versionStages }, now }: Pick<PendingLook, 'secret' | 'now'>,
): readonly Evidence[] =>
  allProgress(known)
    .filter(({ givenUp, versionId }) => givenUp !== undefined && wasCurrent(versionStages[versionId]))
    .map(({ givenUp, versionId }) => ({
      id: `promoted:${versionId}:${givenUp?.at}`,
      kind: 'version-promoted',
      at: now,
      versionId,
    }));

/** Whether a version with these stages is in use, or was until the last move. */
export const wasCurrent = (stages: readonly string[] = []): boolean =>
  stages.includes('AWSCURRENT') || stages.includes('AWSPREVIOUS');

/** The pending version with its age, from the best source there is. Nothing else computes that age. */
export function aged(
  known: PendingSight | undefined,
  { versionStages }: Pick<Secret, 'versionStages'>,
): PendingVersion | undefined {
  if (known === undefined) return undefined;
  return { versionId: known.versionId, currentVersionId: currentVersion(versionStages), ...beginning(known) };
}

/** Returns the time from which a version has been pending, and the source of that time. */
export function beginning({
  createdAt,
  startedAt,
  firstSeenAt,
}: PendingSight): Pick<PendingVersion, 'since' | 'sinceFrom'> {
  if (createdAt !== undefined) return { since: createdAt, sinceFrom: 'created' };
  if (startedAt !== undefined && startedAt < firstSeenAt) return { since: startedAt, sinceFrom: 'started' };
  return { since: firstSeenAt, sinceFrom: 'first-seen' };
}
