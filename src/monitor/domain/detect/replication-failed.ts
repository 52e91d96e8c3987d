import { formatDuration, type Instant } from '../../../calendar/instant.ts';
import type { ReplicaSight } from '../secret/replica-sight.ts';
import type { Detector } from './detector.ts';

/**
 * Finds replicas that could not be made or take too long; the primary speaks for all of them.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html
 */
export const replicationFailed: Detector = {
  code: 'replication-failed',
  meaning: 'A replica of the secret in another region failed or is not in sync in time.',
  remedy: 'Read the status message, fix the cause, then replicate again.',
  severities: 'MEDIUM',
  appliesTo: 'while a replica is known not to be in sync',
  requirement: 'Every replica is in sync soon after the secret has changed.',
  detect({ replicas = [], policy }, now) {
    if (replicas.length === 0) return 'not-applicable';
    const failed = replicas.filter(({ status }) => status === 'Failed');
    const late = replicas.filter(
      ({ status, since }) => status === 'InProgress' && now - since > policy.replicationAfterMs,
    );
    const first = [...failed, ...late].sort((a, b) => a.since - b.since)[0];
    if (first === undefined) return 'clear';
    return {
      code: 'replication-failed',
      severity: 'MEDIUM',
      since: first.since,
      pendingVersionId: undefined,
      what: sentence([...failedText(failed), ...late.map((replica) => lateText(replica, now))].join('; ')),
    };
  },
};

const failedText = (failed: readonly ReplicaSight[]): readonly string[] =>
  failed.length === 0 ? [] : [`replication to ${failed.map(({ region }) => region).join(', ')} failed`];

const lateText = ({ region, since }: ReplicaSight, now: Instant): string =>
  `the replica in ${region} has not been in sync for ${formatDuration(now - since)}`;

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
