import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../src/monitor/domain/detect/detector.ts';
import { judge } from '../../../../src/monitor/domain/detect/judge.ts';
import type { FindingCode, Severity } from '../../../../src/monitor/domain/finding/finding.ts';
import { aLease, anEvidence, aPending, facts, NOW, PREVIOUS } from '../../../support/builders.ts';

const failed = (ageMs: number, given: Parameters<typeof anEvidence>[2] = {}) =>
  anEvidence('rotation-failed', ageMs, given);
const replica = (status: 'InProgress' | 'Failed', ageMs: number) => ({
  region: 'us-east-1',
  status,
  message: undefined,
  kmsKeyId: undefined,
  since: later(NOW, -ageMs),
});
const rotated = (agoMs: number) => ({ secret: { lastRotatedAt: later(NOW, -agoMs) } });
const due = (agoMs: number) => ({ secret: { nextRotationAt: later(NOW, -agoMs) } });
const stuck = aPending(61 * MINUTE);

test.each<[FindingCode, string, Facts, Severity]>([
  [
    'rotation-cancelled',
    'rotation switched off',
    facts({ pending: aPending(HOUR), secret: { rotationEnabled: false } }),
    'MEDIUM',
  ],
  [
    'pending-abandoned',
    'the version lost after setSecret had begun',
    facts({ evidence: [failed(HOUR, { step: 'setSecret' }), anEvidence('pending-vanished', 5 * MINUTE)] }),
    'HIGH',
  ],
  [
    'rotation-will-not-heal',
    'a function that does not pass the token on',
    facts({ pending: aPending(HOUR / 2), evidence: [failed(MINUTE, { notCreatedByFunction: true })] }),
    'HIGH',
  ],
  [
    'rotation-will-not-heal',
    'three failures over two hours',
    facts({ pending: aPending(3 * HOUR), evidence: [3, 2, 1].map((hours) => failed(hours * HOUR)) }),
    'HIGH',
  ],
  [
    'rotation-retries-exhausted',
    'the last attempt over a day ago',
    facts({ pending: aPending(2 * DAY), evidence: [failed(25 * HOUR)], ...due(1.5 * DAY) }),
    'HIGH',
  ],
  ['stuck-pending', 'pending past the threshold', facts({ pending: stuck }), 'HIGH'],
  [
    'stuck-pending',
    'the same, after testSecret failed',
    facts({ pending: stuck, evidence: [failed(HOUR, { step: 'testSecret' })] }),
    'CRITICAL',
  ],
  [
    'rotation-failed',
    'not healed in 15 minutes',
    facts({ pending: aPending(20 * MINUTE), evidence: [failed(16 * MINUTE)] }),
    'MEDIUM',
  ],
  [
    'rotation-failed',
    'not healed in 2 minutes at finishSecret',
    facts({ pending: aPending(20 * MINUTE), evidence: [failed(3 * MINUTE, { step: 'finishSecret' })] }),
    'CRITICAL',
  ],
  [
    'no-current-version',
    'versions, none in use',
    facts({ secret: { versionStages: { [PREVIOUS]: ['AWSPREVIOUS'] } } }),
    'HIGH',
  ],
  ['rotation-overdue', 'past due by more than the grace', facts(due(16 * MINUTE)), 'MEDIUM'],
  ['rotation-overdue', 'past due by a further interval', facts(due(31 * DAY)), 'HIGH'],
  [
    'rotation-silently-disabled',
    'switched off',
    facts({ evidence: [anEvidence('rotation-disabled', 16 * MINUTE)], secret: { rotationEnabled: false } }),
    'MEDIUM',
  ],
  ['replication-failed', 'a replica that failed', facts({ replicas: [replica('Failed', 0)] }), 'MEDIUM'],
  [
    'replication-failed',
    'a replica in progress past the threshold',
    facts({ replicas: [replica('InProgress', 61 * MINUTE)] }),
    'MEDIUM',
  ],
  [
    'test-rotation-failed',
    'a test run that failed',
    facts({ evidence: [anEvidence('test-rotation-failed', MINUTE)] }),
    'LOW',
  ],
  [
    'invalidation-unconfirmed',
    'a consumer that did not confirm',
    facts({ leases: [aLease()], ...rotated(16 * MINUTE) }),
    'LOW',
  ],
  [
    'invalidation-unconfirmed',
    'the same for a day',
    facts({ leases: [aLease({ confirmedAt: later(NOW, -2 * DAY) })], ...rotated(DAY + 1) }),
    'MEDIUM',
  ],
  [
    'previous-version-in-use',
    'AWSPREVIOUS requested on a later day',
    facts({
      previousUse: {
        versionId: PREVIOUS,
        requestedOn: later(NOW, -DAY),
        rotatedAt: later(NOW, -19 * DAY),
      },
    }),
    'LOW',
  ],
])('must alert: %s for %s', (code, _condition, given, severity) => {
  expect(judge(given, NOW)[0]).toMatchObject({ code, severity });
});
