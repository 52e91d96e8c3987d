import { DAY, formatDuration } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import { unconfirmed } from '../secret/consumer-lease.ts';
import type { Detector } from './detector.ts';

/**
 * Finds consumers with a live lease that have not confirmed the version a rotation put in use.
 */
export const invalidationUnconfirmed: Detector = {
  code: 'invalidation-unconfirmed',
  meaning: 'A consumer with a live lease has not confirmed the version that a rotation promoted.',
  remedy: 'Make the named consumers read the secret again; restart them if they do not.',
  severities: 'LOW; MEDIUM after a day',
  appliesTo: 'where the leases of consumers were read and the secret has rotated',
  requirement: 'Every consumer with a lease confirms a new version in time.',
  detect({ secret, leases, policy }, now) {
    const { lastRotatedAt } = secret;
    if (leases === undefined || lastRotatedAt === undefined) return 'not-applicable';
    const waitingMs = now - lastRotatedAt;
    if (waitingMs <= policy.confirmAfterMs) return 'clear';
    const { length } = unconfirmed(leases, secret, now);
    if (length === 0) return 'clear';
    return {
      code: 'invalidation-unconfirmed',
      severity: waitingMs > DAY ? 'MEDIUM' : 'LOW',
      since: lastRotatedAt,
      pendingVersionId: undefined,
      what: `${plural(length, 'consumer')} ${length === 1 ? 'has' : 'have'} not confirmed the version in use ${formatDuration(waitingMs)} after the rotation.`,
    };
  },
};
