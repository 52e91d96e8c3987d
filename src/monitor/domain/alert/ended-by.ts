import { formatInstant } from '../../../calendar/instant.ts';
import type { FindingCode } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';
import type { Alert } from './alert.ts';

/** Says in one sentence what ended an alert, judged by what the secret looks like now. */
export function endedBy(alert: Alert, secret: Secret): string {
  if (secret.deletedAt !== undefined)
    return `The secret was scheduled for deletion at ${formatInstant(secret.deletedAt)}.`;
  if (alert.pendingVersionId !== undefined) return pendingEnd(alert, alert.pendingVersionId, secret);
  return OTHER_ENDS[alert.code]?.(alert, secret) ?? 'The condition no longer holds.';
}

function pendingEnd(alert: Alert, versionId: string, secret: Secret): string {
  const stages = secret.versionStages[versionId] ?? [];
  if (stages.includes('AWSCURRENT')) return `Version ${versionId} became AWSCURRENT.`;
  if (rotatedSince(alert, secret)) return rotated(secret);
  if (!stages.includes('AWSPENDING')) return `AWSPENDING was removed from version ${versionId}.`;
  return 'The rotation is within its limits again.';
}

const OTHER_ENDS: Partial<Record<FindingCode, (alert: Alert, secret: Secret) => string>> = {
  'rotation-overdue': (alert, secret) => {
    if (rotatedSince(alert, secret)) return rotated(secret);
    if (secret.rotationEnabled !== true) return 'Rotation was switched off.';
    return secret.nextRotationAt === undefined
      ? 'No rotation is due.'
      : `The next rotation is due by ${formatInstant(secret.nextRotationAt)}.`;
  },
  'rotation-silently-disabled': (_alert, { rotationEnabled }) =>
    rotationEnabled === true ? 'Rotation is on again.' : 'The rotation settings were removed.',
  'test-rotation-failed': (alert, secret) => {
    if (rotatedSince(alert, secret)) return rotated(secret);
    return secret.rotationEnabled === true ? 'A later test succeeded.' : 'Rotation was switched off.';
  },
  'replication-failed': (_alert, { replicas = [] }) =>
    replicas.length === 0 ? 'The secret has no replicas any more.' : 'Every replica is in sync.',
  'invalidation-unconfirmed': () =>
    'Every consumer with a lease has confirmed the version in use, or its lease has ended.',
  'previous-version-in-use': (alert, secret) =>
    rotatedSince(alert, secret) ? rotated(secret) : 'AWSPREVIOUS is no longer seen in use.',
  'current-changed-outside-rotation': (alert, secret) =>
    rotatedSince(alert, secret) ? rotated(secret) : 'AWSCURRENT is where a rotation put it.',
  'no-current-version': () => 'A version is AWSCURRENT again.',
  unverifiable: () => 'The secret can be looked at again.',
};

const rotatedSince = (alert: Alert, { lastRotatedAt }: Secret): boolean =>
  lastRotatedAt !== undefined && lastRotatedAt >= alert.since;

const rotated = ({ lastRotatedAt }: Secret): string =>
  lastRotatedAt === undefined
    ? 'The secret rotated.'
    : `The secret rotated at ${formatInstant(lastRotatedAt)}.`;
