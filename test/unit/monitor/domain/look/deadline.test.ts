import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, type Instant, instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { SEVERITIES } from '../../../../../src/monitor/domain/finding/finding.ts';
import { deadlinesOf } from '../../../../../src/monitor/domain/look/deadline.ts';
import { anyFacts } from '../../../../support/any-facts.ts';
import { anEvidence, aPending, aPolicy, facts, NOW } from '../../../../support/builders.ts';

/** Returns the time from NOW until each deadline. */
const inMs = (given: Facts): readonly number[] => deadlinesOf(given, NOW).map((at) => at - NOW);

describe('a pending version', () => {
  test('has its deadline when it begins to be stuck', () => {
    expect(inMs(facts({ pending: aPending(10 * MINUTE) }))).toEqual([50 * MINUTE + 1]);
  });

  test('has none any more when it is stuck', () => {
    expect(inMs(facts({ pending: aPending(HOUR) }))).toEqual([1]);
    expect(inMs(facts({ pending: aPending(HOUR + 1) }))).toEqual([]);
  });

  test('is never given longer than the window of the secret', () => {
    const policy = aPolicy({ stuckAfterMs: 20 * MINUTE });
    expect(inMs(facts({ pending: aPending(10 * MINUTE), policy }))).toEqual([10 * MINUTE + 1]);
  });

  test('that failed has an earlier one, at the end of the grace', () => {
    const failed = facts({
      pending: aPending(10 * MINUTE),
      evidence: [
        anEvidence('rotation-failed', 5 * MINUTE, { step: 'setSecret' }),
        anEvidence('rotation-failed', MINUTE, { step: 'setSecret' }),
      ],
    });
    expect(inMs(failed)).toEqual([10 * MINUTE + 1, 50 * MINUTE + 1]);
    expect(deadlinesOf(failed, later(NOW, 10 * MINUTE + 1))).toEqual([later(NOW, 50 * MINUTE + 1)]);
  });

  test('that failed after setSecret has one at the end of the short grace, and nothing graver comes', () => {
    const split = facts({
      pending: aPending(2 * MINUTE),
      evidence: [anEvidence('rotation-failed', MINUTE, { step: 'testSecret' })],
    });
    expect(inMs(split)).toEqual([MINUTE + 1]);
  });

  test('that failed after setSecret where users alternate has the usual grace, and rises once more at the threshold', () => {
    const split = facts({
      pending: aPending(2 * MINUTE),
      policy: aPolicy({ strategy: 'alternating-users' }),
      evidence: [anEvidence('rotation-failed', MINUTE, { step: 'testSecret' })],
    });
    expect(inMs(split)).toEqual([14 * MINUTE + 1, 58 * MINUTE + 1]);
  });

  test('whose failure has healed has only its threshold', () => {
    const healed = facts({
      pending: aPending(10 * MINUTE),
      evidence: [
        anEvidence('rotation-failed', 5 * MINUTE, { step: 'testSecret' }),
        anEvidence('rotation-succeeded', 4 * MINUTE),
      ],
    });
    expect(inMs(healed)).toEqual([50 * MINUTE + 1]);
  });

  test('whose rotation was cancelled has none: that is reported at once, and time adds nothing', () => {
    const cancelled = facts({ pending: aPending(MINUTE), secret: { rotationEnabled: false } });
    expect(inMs(cancelled)).toEqual([]);
  });

  test('of a secret without rotation, of a replica and of a secret to be deleted has none', () => {
    const secrets = [
      { rotationEnabled: undefined, rotationFunctionArn: undefined, rotationRules: undefined },
      { primaryRegion: 'us-east-1' },
      { deletedAt: NOW },
    ];
    for (const secret of secrets) expect(inMs(facts({ pending: aPending(MINUTE), secret }))).toEqual([]);
  });
});

test('a version that was given up after setSecret had begun has its deadline at the end of the short grace', () => {
  const evidence = [
    anEvidence('rotation-failed', HOUR, { step: 'setSecret' }),
    anEvidence('pending-vanished', MINUTE),
  ];
  expect(inMs(facts({ evidence, secret: { lastRotatedAt: undefined } }))).toEqual([MINUTE + 1]);
});

test('a secret without a pending version has no deadline, whatever else is wrong with it', () => {
  expect(inMs(facts())).toEqual([]);
  expect(inMs(facts({ secret: { nextRotationAt: later(NOW, -DAY) } }))).toEqual([]);
});

/**
 * Returns the severity of the finding about the pending version at a moment, as a number that grows with it; 0 for
 * none.
 */
function gravity(given: Facts, at: Instant): number {
  const [speaking] = judge(given, at);
  const isAboutPending = speaking !== undefined && speaking.pendingVersionId === given.pending?.versionId;
  return isAboutPending ? 1 + SEVERITIES.indexOf(speaking.severity) : 0;
}

/** A due date belongs to a rotation. */
const isPossible = ({ secret }: Facts): boolean =>
  secret.rotationEnabled !== undefined || secret.nextRotationAt === undefined;

const moment = fc.integer({ min: -2 * HOUR, max: 3 * DAY }).map((ms) => instant(NOW + ms));

test('the severity of a pending version rises at its deadlines, and never between them', () => {
  fc.assert(
    fc.property(anyFacts, moment, fc.integer({ min: 0, max: 5 * DAY }), (given, now, afterMs) => {
      fc.pre(given.pending !== undefined && isPossible(given));
      const then = instant(now + afterMs);
      const deadlines = deadlinesOf(given, now);
      for (const at of deadlines) {
        expect(at).toBeGreaterThan(now);
        expect(gravity(given, at)).toBeGreaterThan(gravity(given, later(at, -1)));
      }
      const last = deadlines.findLast((at) => at <= then) ?? now;
      expect(gravity(given, then)).toBeLessThanOrEqual(gravity(given, last));
    }),
    { numRuns: 3000 },
  );
});
