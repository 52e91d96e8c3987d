import { formatInstant } from '../../../calendar/instant.ts';
import type { FindingCode } from '../finding/finding.ts';
import type { CurrentSight } from '../rotation/current-sight.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { Secret } from '../secret/secret.ts';
import { pendingApart } from '../secret/version-stage.ts';
import type { Alert } from './alert.ts';

/** Beginning of the sentence that ends an alert whose rotation window passed without a rotation. */
export const DID_NOT_ROTATE = 'It did not rotate';

/** Says what ended an alert, judged by what the secret looks like now and by what is known to have happened to it. */
export function endedBy(alert: Alert, secret: Secret, known: Known = { evidence: [] }): string {
  if (secret.deletedAt !== undefined)
    return `The secret was scheduled for deletion at ${formatInstant(secret.deletedAt)}.`;
  if (alert.pendingVersionId !== undefined) return pendingEnd(alert, alert.pendingVersionId, secret);
  return OTHER_ENDS[alert.code]?.(alert, secret, known) ?? 'The condition no longer holds.';
}

function pendingEnd(alert: Alert, versionId: string, secret: Secret): string {
  const stages = secret.versionStages[versionId] ?? [];
  if (stages.includes('AWSCURRENT')) return `Version ${versionId} became AWSCURRENT.`;
  if (rotatedSince(alert, secret)) return rotated(secret);
  if (!stages.includes('AWSPENDING')) return `AWSPENDING was removed from version ${versionId}.`;
  return 'The rotation is within its limits again.';
}

/** The known facts about a secret. */
interface Known {
  readonly evidence: readonly Evidence[];
  /** The version in use, where the secret rotates. */
  readonly current?: Pick<CurrentSight, 'seenAt'> | undefined;
}

type End = (alert: Alert, secret: Secret, known: Known) => string;

const OTHER_ENDS: Partial<Record<FindingCode, End>> = {
  'rotation-overdue': (alert, secret, { evidence }) => {
    if (rotatedSince(alert, secret)) return rotated(secret);
    if (secret.rotationEnabled === undefined)
      return 'The secret was changed, or is no longer expected to be.';
    if (secret.rotationEnabled !== true) return 'Rotation was switched off.';
    if (pendingApart(secret.versionStages) !== undefined) return 'A rotation has started.';
    if (secret.nextRotationAt === undefined) return `${DID_NOT_ROTATE}, and no rotation is due.`;
    const moved = `the due date moved from ${formatInstant(alert.since)} to ${formatInstant(secret.nextRotationAt)}`;
    const put = evidence.findLast((fact) => fact.at >= alert.since && isPut(fact));
    return put === undefined
      ? `${DID_NOT_ROTATE}; ${moved}.`
      : `${DID_NOT_ROTATE}: ${put.actor ?? 'an unknown caller'} put a value at ${formatInstant(put.at)}, which counts as a rotation; ${moved}.`;
  },
  'rotation-silently-disabled': (_alert, { rotationEnabled }) =>
    rotationEnabled === true ? 'Rotation is on again.' : 'The rotation settings were removed.',
  'test-rotation-failed': (alert, secret) => {
    if (rotatedSince(alert, secret)) return rotated(secret);
    return secret.rotationEnabled === true ? 'A later test succeeded.' : 'Rotation was switched off.';
  },
  'replication-failed': (_alert, { replicas = [] }) =>
    replicas.length === 0 ? 'The secret no longer has replicas.' : 'Every replica is in sync.',
  'invalidation-unconfirmed': () =>
    'Every consumer with a lease has confirmed the version in use, or its lease has ended.',
  'previous-version-in-use': (alert, secret) =>
    rotatedSince(alert, secret) ? rotated(secret) : 'AWSPREVIOUS is no longer requested.',
  'current-changed-outside-rotation': (alert, secret, { current }) => {
    if (rotatedSince(alert, secret)) return rotated(secret);
    return current !== undefined && current.seenAt <= alert.openedAt
      ? 'It has become known that a rotation, or a caller who may, put the version in use.'
      : 'AWSCURRENT is back on the version that a rotation promoted.';
  },
  'no-current-version': () => 'A version is AWSCURRENT again.',
  unverifiable: () => 'The secret can be checked again.',
};

/**
 * A value put by hand counts when the next due date is calculated; one that is only staged does not. UpdateSecret names
 * a version only when it made one.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
const isPut = ({ operation, makesCurrent, versionId }: Evidence): boolean =>
  makesCurrent === true &&
  (operation === 'PutSecretValue' || (operation === 'UpdateSecret' && versionId !== undefined));

const rotatedSince = (alert: Alert, { lastRotatedAt }: Secret): boolean =>
  lastRotatedAt !== undefined && lastRotatedAt >= alert.since;

const rotated = ({ lastRotatedAt }: Secret): string =>
  lastRotatedAt === undefined
    ? 'The secret rotated.'
    : `The secret rotated at ${formatInstant(lastRotatedAt)}.`;
