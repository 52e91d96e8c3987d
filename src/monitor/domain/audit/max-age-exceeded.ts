import { formatDuration, type Instant } from '../../../calendar/instant.ts';
import { listVersions, rotateSecret } from '../explain/commands.ts';
import type { Secret } from '../secret/secret.ts';
import type { AuditDetector } from './audit-finding.ts';

/** Whether the version in use may be too old: it is at least as young as the last rotation, and as the secret. */
export const mayBeTooOld = (
  { lastRotatedAt, createdAt }: Secret,
  maxAgeMs: number,
  now: Instant,
): boolean => {
  const at = lastRotatedAt ?? createdAt;
  return at !== undefined && now - at > maxAgeMs;
};

/**
 * Finds versions in use that are too old, by the date they were made: LastChangedDate moves with every edit of a tag.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html
 */
export const maxAgeExceeded: AuditDetector = {
  code: 'max-age-exceeded',
  severity: 'LOW',
  meaning: 'The version in use is older than the settings allow.',
  remedy: 'Rotate the secret, or give it a new value where it is provisioned.',
  requirement: 'No version stays in use for longer than allowed.',
  risk: 'Anyone who has seen the credential since it was created can still use it.',
  detect({ secret, currentMadeAt, limits }, now) {
    if (!mayBeTooOld(secret, limits.maxAgeMs, now)) return 'clear';
    if (currentMadeAt === undefined) return 'not-applicable';
    const ageMs = now - currentMadeAt;
    if (ageMs <= limits.maxAgeMs) return 'clear';
    return {
      since: currentMadeAt,
      what: `The version in use is ${formatDuration(ageMs)} old; the limit is ${formatDuration(limits.maxAgeMs)}.`,
    };
  },
  advise: ({ secret }) =>
    secret.rotationFunctionArn === undefined
      ? [
          {
            text: 'Ask whoever provisions the secret, or the service that owns it, for a new value.',
            commands: [listVersions(secret)],
          },
        ]
      : [{ text: 'Rotate it.', commands: [rotateSecret(secret)] }],
};
