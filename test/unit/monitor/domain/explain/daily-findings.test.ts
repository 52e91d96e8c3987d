import { expect, test } from 'vitest';
import { DAY, HOUR, instant, later } from '../../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { explain } from '../../../../../src/monitor/domain/explain/explain.ts';
import type { Explanation } from '../../../../../src/monitor/domain/finding/finding.ts';
import type { ReplicaSight } from '../../../../../src/monitor/domain/secret/replica-sight.ts';
import {
  aLease,
  anEvidence,
  aPending,
  aSecret,
  at,
  facts,
  NOW,
  PREVIOUS,
} from '../../../../support/builders.ts';

const { arn, name } = aSecret();
const replica = (given: Partial<ReplicaSight> = {}): ReplicaSight => ({
  region: 'us-east-1',
  status: 'Failed',
  message: 'Access to the KMS key is denied.',
  kmsKeyId: undefined,
  since: later(NOW, -HOUR),
  ...given,
});
const rotatedAgo = { lastRotatedAt: later(NOW, -HOUR) };
const previousUse = {
  versionId: PREVIOUS,
  requestedOn: at('2026-11-20T00:00:00Z'),
  rotatedAt: at('2026-11-02T00:20:00Z'),
};

function explained(given: Facts): Explanation {
  const [finding] = judge(given, NOW);
  if (finding === undefined) throw new Error('Nothing was found');
  return explain(finding, given, NOW);
}

const commands = (given: Facts) => explained(given).advice.flatMap((step) => step.commands);
const texts = (given: Facts) => explained(given).advice.map(({ text }) => text);

test('a failed replica is reported with what AWS says of it and with the event', () => {
  const given = facts({ replicas: [replica()], evidence: [anEvidence('replication-failed', HOUR)] });
  expect(explained(given).why).toEqual(
    expect.arrayContaining([
      'The replica in us-east-1 has had the status Failed since at least 2026-11-21T09:00:00Z: "Access to the KMS key is denied.".',
      'ReplicationFailed arrived at 2026-11-21T09:00:00Z (event replication-failed@3600000).',
    ]),
  );
});

test('replication is asked for again with the key the replica has, in the region of the primary', () => {
  const given = facts({ replicas: [replica({ kmsKeyId: 'alias/orders' })] });
  expect(commands(given)).toEqual([
    `aws secretsmanager describe-secret --secret-id ${arn} --region eu-west-1`,
    `aws secretsmanager describe-secret --secret-id ${name} --region us-east-1`,
    `aws secretsmanager replicate-secret-to-regions --secret-id ${arn} --add-replica-regions 'Region=us-east-1,KmsKeyId=alias/orders' --region eu-west-1`,
  ]);
});

test('nothing is replicated again while AWS still copies', () => {
  const given = facts({ replicas: [replica({ status: 'InProgress', since: later(NOW, -2 * HOUR) })] });
  expect(commands(given).join()).not.toContain('replicate-secret');
  expect(texts(given).join()).toContain('Do not remove the replica while anything reads it');
});

test('a name that is taken is never overwritten blindly', () => {
  const message = 'A secret with this name already exists in this region.';
  expect(texts(facts({ replicas: [replica({ message })] })).join()).toContain('overwriting deletes it');
  expect(texts(facts({ replicas: [replica()] })).join()).not.toContain('overwriting');
  expect(commands(facts({ replicas: [replica({ message })] })).join()).not.toContain('force-overwrite');
});

test('consumers that have not confirmed are named, ten at most, the one longest behind first', () => {
  const leases = Array.from({ length: 12 }, (_, index) =>
    aLease({ consumer: `orders-${index}`, confirmedAt: instant(NOW - DAY + index) }),
  );
  const why = explained(facts({ leases, secret: rotatedAgo })).why.filter((line) => /consumer/i.test(line));
  expect(why).toHaveLength(12);
  expect(why[0]).toContain(`Consumer "orders-0" has used version ${PREVIOUS}`);
  expect(why.slice(-2)).toEqual([
    'And 2 more consumers.',
    'Consumers have 15 min after a rotation to confirm the version in use.',
  ]);
});

test('a request for AWSPREVIOUS is reported by its day, and that nobody knows who asked', () => {
  const given = facts({ previousUse });
  expect(explained(given).why.join('\n')).toContain(
    'was last requested on 2026-11-20. AWS records the day, not the caller.',
  );
  expect(commands(given).map((command) => command.split(' ').slice(1, 3).join(' '))).toEqual([
    'secretsmanager list-secret-version-ids',
    'cloudtrail lookup-events',
  ]);
});

test.each<[string, Partial<Facts>, string]>([
  ['replication-failed', { replicas: [replica()] }, 'read the replica'],
  ['invalidation-unconfirmed', { leases: [aLease()] }, 'The named consumers'],
  ['previous-version-in-use', { previousUse }, 'Whoever requests AWSPREVIOUS'],
])('%s states what is at risk, whoever rotates the secret', (_code, given, expected) => {
  for (const managed of [{}, { rotationFunctionArn: undefined, owningService: 'rds' }]) {
    const secret = { ...managed, ...('leases' in given ? rotatedAgo : {}) };
    const { credentialInUse, blastRadius, advice } = explained(facts({ ...given, secret }));
    expect({ credentialInUse, blastRadius }).toEqual({
      credentialInUse: 'good',
      blastRadius: expect.stringContaining(expected),
    });
    expect(advice.map(({ text }) => text).join()).not.toContain('rds');
  }
});

test('beside a rotation that failed late the credential in use is no longer called good', () => {
  const evidence = [anEvidence('rotation-failed', 5 * 60_000, { step: 'testSecret' })];
  const given = facts({ replicas: [replica()], pending: aPending(10 * 60_000), evidence });
  expect(explained(given).credentialInUse).toBe('may-be-dead');
});
