import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { DETECTORS } from '../../../../../src/monitor/domain/detect/register.ts';
import { FINDING_CODES, type FindingCode } from '../../../../../src/monitor/domain/finding/finding.ts';
import { anyFacts } from '../../../../support/any-facts.ts';
import { aLease, anEvidence, aPending, CURRENT, facts, NOW, PREVIOUS } from '../../../../support/builders.ts';

const LOST = '44444444-4444-4444-8444-444444444444';
/** Faults beside the rotation, from the gravest to the mildest. */
const REPLICA: Partial<Facts> = {
  replicas: [
    {
      region: 'us-east-1',
      status: 'Failed',
      message: undefined,
      kmsKeyId: undefined,
      since: later(NOW, -DAY),
    },
  ],
};
const TESTED = anEvidence('test-rotation-failed', DAY);
const CONSUMER: Partial<Facts> = { leases: [aLease({ confirmedAt: later(NOW, -80 * DAY) })] };
const REQUEST: Partial<Facts> = {
  previousUse: {
    versionId: PREVIOUS,
    requestedOn: later(NOW, -3 * DAY),
    rotatedAt: later(NOW, -40 * DAY),
  },
};
const BESIDE = { ...REPLICA, ...CONSUMER, ...REQUEST };
const BESIDE_CODES = [
  'replication-failed',
  'test-rotation-failed',
  'invalidation-unconfirmed',
  'previous-version-in-use',
];

const DUE = { lastRotatedAt: later(NOW, -40 * DAY), nextRotationAt: later(NOW, -2 * DAY) };
const FAILED = anEvidence('rotation-failed', 30 * HOUR, { step: 'setSecret' });
const HOPELESS = anEvidence('rotation-failed', 30 * HOUR, { step: 'setSecret', notCreatedByFunction: true });
const GIVEN_UP = [
  anEvidence('rotation-failed', 3 * DAY, { versionId: LOST, step: 'setSecret' }),
  anEvidence('pending-vanished', 2.5 * DAY, { versionId: LOST }),
];
const pending = aPending(2 * DAY);

test.each<[FindingCode, Facts, readonly string[]]>([
  [
    'rotation-cancelled',
    facts({ ...BESIDE, pending, evidence: [TESTED, HOPELESS], secret: { ...DUE, rotationEnabled: false } }),
    [
      'rotation-will-not-heal',
      'rotation-retries-exhausted',
      'stuck-pending',
      'rotation-failed',
      ...BESIDE_CODES.filter((code) => code !== 'test-rotation-failed'),
    ],
  ],
  [
    'pending-abandoned',
    facts({ ...BESIDE, evidence: [...GIVEN_UP, TESTED], secret: DUE }),
    ['rotation-overdue', ...BESIDE_CODES],
  ],
  [
    'rotation-will-not-heal',
    facts({ ...BESIDE, pending, evidence: [HOPELESS, TESTED], secret: DUE }),
    ['rotation-retries-exhausted', 'stuck-pending', 'rotation-failed', 'rotation-overdue', ...BESIDE_CODES],
  ],
  [
    'rotation-retries-exhausted',
    facts({ ...BESIDE, pending, evidence: [FAILED, TESTED], secret: DUE }),
    ['stuck-pending', 'rotation-failed', 'rotation-overdue', ...BESIDE_CODES],
  ],
  [
    'stuck-pending',
    facts({
      ...BESIDE,
      pending,
      evidence: [FAILED, TESTED],
      secret: { ...DUE, nextRotationAt: later(NOW, DAY) },
    }),
    ['rotation-failed', ...BESIDE_CODES],
  ],
  [
    'rotation-failed',
    facts({
      ...BESIDE,
      pending: aPending(HOUR / 2),
      evidence: [anEvidence('rotation-failed', HOUR / 3, { step: 'setSecret' }), TESTED],
      secret: { ...DUE, nextRotationAt: later(NOW, DAY) },
    }),
    BESIDE_CODES,
  ],
  [
    'no-current-version',
    facts({
      ...BESIDE,
      evidence: [TESTED],
      secret: { ...DUE, versionStages: { [PREVIOUS]: ['AWSPREVIOUS'] } },
    }),
    ['rotation-overdue', ...BESIDE_CODES.filter((code) => code !== 'invalidation-unconfirmed')],
  ],
  ['rotation-overdue', facts({ ...BESIDE, evidence: [TESTED], secret: DUE }), BESIDE_CODES],
  [
    'rotation-silently-disabled',
    facts({
      ...BESIDE,
      evidence: [anEvidence('rotation-disabled', DAY), TESTED],
      secret: { ...DUE, rotationEnabled: false },
    }),
    ['replication-failed', 'invalidation-unconfirmed', 'previous-version-in-use'],
  ],
  [
    'replication-failed',
    facts({ ...BESIDE, evidence: [TESTED], secret: { lastRotatedAt: later(NOW, -40 * DAY) } }),
    BESIDE_CODES.slice(1),
  ],
  [
    'test-rotation-failed',
    facts({
      ...CONSUMER,
      ...REQUEST,
      evidence: [TESTED],
      secret: { lastRotatedAt: later(NOW, -40 * DAY) },
    }),
    BESIDE_CODES.slice(2),
  ],
  [
    'invalidation-unconfirmed',
    facts({ ...CONSUMER, ...REQUEST, secret: { lastRotatedAt: later(NOW, -40 * DAY) } }),
    ['previous-version-in-use'],
  ],
  ['previous-version-in-use', facts(REQUEST), []],
])('%s speaks before everything milder', (code, given, milder) => {
  expect(judge(given, NOW).map((finding) => finding.code)).toEqual([code, ...milder]);
});

test('the first that speaks is the first of the register, whatever else holds', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const codes = judge(given, NOW).map(({ code }) => code);
      expect(codes).toEqual(FINDING_CODES.filter((code) => codes.includes(code)));
      expect(new Set(codes).size).toBe(codes.length);
      expect(codes.every((code) => DETECTORS.some((detector) => detector.code === code))).toBe(true);
    }),
  );
});

test('a rotation that has put the pending version in use leaves nothing to say of it', () => {
  const secret = { versionStages: { [CURRENT]: ['AWSCURRENT', 'AWSPENDING'] } };
  expect(judge(facts({ secret, evidence: [FAILED] }), NOW)).toEqual([]);
});
