import type { Instant } from '../../../calendar/instant.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { Secret } from '../secret/secret.ts';
import { currentVersion, pendingApart } from '../secret/version-stage.ts';
import type { PendingSight } from '../state/secret-state.ts';
import type { PendingVersion } from './detector.ts';

/** What a look tells about the pending version. */
export interface PendingLook {
  readonly secret: Secret;
  /** CreatedDate by version id, as far as asked for. */
  readonly createdAt: Readonly<Record<string, Instant>>;
  readonly now: Instant;
}

/** Remembers the pending version a look shows: first sight is kept for as long as the version stays pending. */
export function sight(
  known: PendingSight | undefined,
  { secret, createdAt, now }: PendingLook,
): PendingSight | undefined {
  const versionId = pendingApart(secret.versionStages);
  if (versionId === undefined) return undefined;
  const firstSeenAt = known?.versionId === versionId ? known.firstSeenAt : now;
  const knownCreation = known?.versionId === versionId ? known.createdAt : undefined;
  return { versionId, firstSeenAt, createdAt: knownCreation ?? createdAt[versionId] };
}

/** Evidence that a version seen pending has lost AWSPENDING without ever becoming AWSCURRENT; undefined when it has not. */
export function vanishing(
  known: PendingSight | undefined,
  { secret, now }: PendingLook,
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
  };
}

/**
 * Evidence that a rotation succeeded after a version had been given up; undefined when none has, or none was given up.
 * DescribeSecret tells the date only while rotation is on, so it has to be remembered.
 */
export function settling(
  evidence: readonly Evidence[],
  { versionStages, lastRotatedAt }: Secret,
): Evidence | undefined {
  const isSettled = evidence.some(({ kind, at }) => isGivenUp(kind) && lastRotatedAt && lastRotatedAt > at);
  if (lastRotatedAt === undefined || !isSettled) return undefined;
  const versionId = currentVersion(versionStages);
  return {
    id: `rotated:${lastRotatedAt}`,
    kind: 'rotation-succeeded',
    at: lastRotatedAt,
    ...(versionId === undefined ? {} : { versionId }),
  };
}

/**
 * Evidence that versions which had been given up became AWSCURRENT after all: each later loses its last stage, as every
 * version does, and is not lost then.
 */
export const promotions = (
  evidence: readonly Evidence[],
  { secret: { versionStages }, now }: PendingLook,
): readonly Evidence[] =>
  evidence
    .filter(({ kind, versionId = '' }) => isGivenUp(kind) && wasCurrent(versionStages[versionId]))
    .map(({ id, versionId }) => ({
      id: `promoted:${id}`,
      kind: 'version-promoted',
      at: now,
      ...(versionId === undefined ? {} : { versionId }),
    }));

const wasCurrent = (stages: readonly string[] = []): boolean =>
  stages.includes('AWSCURRENT') || stages.includes('AWSPREVIOUS');

/** Whether a fact tells that a version was given up before it became AWSCURRENT. */
export const isGivenUp = (kind: Evidence['kind']): boolean =>
  kind === 'pending-vanished' || kind === 'rotation-abandoned';

/** The pending version with its age, from the best source there is. */
export function aged(
  known: PendingSight | undefined,
  secret: Secret,
  evidence: readonly Evidence[],
): PendingVersion | undefined {
  if (known === undefined) return undefined;
  const { versionId, createdAt, firstSeenAt } = known;
  const currentVersionId = currentVersion(secret.versionStages);
  if (createdAt !== undefined) return { versionId, currentVersionId, since: createdAt, sinceFrom: 'created' };
  const started = evidence.find((fact) => fact.kind === 'rotation-started' && fact.versionId === versionId);
  if (started !== undefined && started.at < firstSeenAt) {
    return { versionId, currentVersionId, since: started.at, sinceFrom: 'started' };
  }
  return { versionId, currentVersionId, since: firstSeenAt, sinceFrom: 'first-seen' };
}
