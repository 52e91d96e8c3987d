import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { replicationFailed } from '../../../../../src/monitor/domain/detect/replication-failed.ts';
import type { ReplicaSight } from '../../../../../src/monitor/domain/secret/replica-sight.ts';
import { aPolicy, facts, NOW } from '../../../../support/builders.ts';

const replica = (
  region: string,
  status: ReplicaSight['status'],
  agoMs: number,
  message?: string,
): ReplicaSight => ({ region, status, message, kmsKeyId: undefined, since: later(NOW, -agoMs) });

const detect = (...replicas: readonly ReplicaSight[]) => replicationFailed.detect(facts({ replicas }), NOW);

test('replicationFailed speaks at once of a replica that failed', () => {
  expect(detect(replica('us-east-1', 'Failed', 0))).toEqual({
    code: 'replication-failed',
    severity: 'MEDIUM',
    since: NOW,
    pendingVersionId: undefined,
    what: 'Replication to us-east-1 failed.',
  });
});

test('replicationFailed is clear at the threshold of a replica in progress and speaks one millisecond later', () => {
  expect(detect(replica('us-east-1', 'InProgress', HOUR))).toBe('clear');
  expect(detect(replica('us-east-1', 'InProgress', HOUR + 1))).toMatchObject({
    since: later(NOW, -HOUR - 1),
    what: 'The replica in us-east-1 has not been in sync for 1 h.',
  });
});

test('replicationFailed takes the threshold of the policy', () => {
  const given = {
    replicas: [replica('us-east-1', 'InProgress', 10 * MINUTE + 1)],
    policy: aPolicy({ replicationAfterMs: 10 * MINUTE }),
  };
  expect(replicationFailed.detect(facts(given), NOW)).toMatchObject({ code: 'replication-failed' });
});

test('replicationFailed reports all replicas in one finding, since the first of them', () => {
  expect(
    detect(
      replica('ap-south-1', 'InProgress', 2 * HOUR),
      replica('us-east-1', 'Failed', MINUTE),
      replica('us-west-2', 'Failed', 3 * MINUTE),
      replica('eu-north-1', 'InProgress', MINUTE),
    ),
  ).toMatchObject({
    since: later(NOW, -2 * HOUR),
    what: 'Replication to us-east-1, us-west-2 failed; the replica in ap-south-1 has not been in sync for 2 h.',
  });
});

test('replicationFailed does not apply where every replica is in sync, or where there is none', () => {
  expect(detect()).toBe('not-applicable');
  expect(replicationFailed.detect(facts(), NOW)).toBe('not-applicable');
});
