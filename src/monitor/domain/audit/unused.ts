import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import { listVersions, lookUpCalls } from '../explain/commands.ts';
import { hasReplicas, type Secret } from '../secret/secret.ts';
import type { AuditDetector } from './audit-finding.ts';

/** Whether nobody has asked for the secret in this region for long; what replicas were asked for is another question. */
export const mayBeUnused = (secret: Secret, unusedAfterMs: number, now: Instant): boolean => {
  const at = secret.lastAccessedAt ?? secret.createdAt;
  return at !== undefined && now - at > unusedAfterMs;
};

/**
 * Finds secrets that nobody has requested for long, replicas counted in. AWS reports the day.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html
 */
export const unused: AuditDetector = {
  code: 'unused',
  severity: 'LOW',
  meaning: 'Nobody has requested the secret for longer than the settings allow.',
  remedy: 'Find out whether anything needs it; if not, schedule its deletion.',
  requirement: 'Every secret is used.',
  risk: 'An unused credential can still be stolen, and you pay for the secret.',
  detect({ secret, limits }, now) {
    if (!mayBeUnused(secret, limits.unusedAfterMs, now)) return 'clear';
    if (hasReplicas(secret) && secret.replicas === undefined) return 'not-applicable';
    const days = [secret, ...(secret.replicas ?? [])].flatMap(({ lastAccessedAt }) => lastAccessedAt ?? []);
    const last = days.sort((a, b) => b - a)[0];
    if (last !== undefined && now - last <= limits.unusedAfterMs) return 'clear';
    return {
      since: last ?? secret.createdAt,
      what:
        last === undefined
          ? 'Nobody has ever requested the secret.'
          : `Nobody has requested the secret since ${formatInstant(last).slice(0, 10)}.`,
    };
  },
  advise: ({ secret }) => [
    {
      text: 'Find out what it was for and who requested it last.',
      commands: [listVersions(secret), lookUpCalls(secret)],
    },
    {
      text: 'If nothing needs it, schedule its deletion with a recovery window of 30 days, and revoke the credential at its target.',
      commands: [],
    },
  ],
};
