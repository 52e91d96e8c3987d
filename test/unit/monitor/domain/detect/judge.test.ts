import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import { isSplit } from '../../../../../src/monitor/domain/detect/pending-record.ts';
import { DETECTORS } from '../../../../../src/monitor/domain/detect/register.ts';
import { atLeast, FINDING_CODES } from '../../../../../src/monitor/domain/finding/finding.ts';
import { anyFacts } from '../../../../support/any-facts.ts';
import { anEvidence, aPending, CURRENT, facts, NOW, PENDING } from '../../../../support/builders.ts';

const codes = (given: Parameters<typeof facts>[0]) => judge(facts(given), NOW).map(({ code }) => code);

test('the register keeps the order of precedence of the finding codes', () => {
  const order = FINDING_CODES.filter((code) => DETECTORS.some((detector) => detector.code === code));
  expect(DETECTORS.map(({ code }) => code)).toEqual(order);
});

test('judge finds nothing about a healthy secret', () => {
  expect(codes({})).toEqual([]);
});

test('judge takes AWSPENDING on the AWSCURRENT version for healthy', () => {
  expect(codes({ secret: { versionStages: { [CURRENT]: ['AWSCURRENT', 'AWSPENDING'] } } })).toEqual([]);
});

test('judge gives all findings, in order of precedence', () => {
  const evidence = [anEvidence('rotation-failed', 2 * DAY, { step: 'setSecret' })];
  const given = { pending: aPending(2 * DAY), evidence, secret: { nextRotationAt: later(NOW, -2 * DAY) } };
  expect(codes(given)).toEqual([
    'rotation-retries-exhausted',
    'stuck-pending',
    'rotation-failed',
    'rotation-overdue',
  ]);
});

test('judge finds a rotation that is stuck and long overdue although no event ever came', () => {
  const secret = {
    lastRotatedAt: undefined,
    rotationRules: undefined,
    nextRotationAt: later(NOW, -876 * DAY),
  };
  const given = { secret, pending: aPending(876 * DAY), eventsArrive: false };
  expect(codes(given)).toEqual(['rotation-retries-exhausted', 'stuck-pending', 'rotation-overdue']);
});

test('judge says nothing about any secret that is deleted or a replica', () => {
  fc.assert(
    fc.property(anyFacts, fc.boolean(), (given, deleted) => {
      const hidden = deleted
        ? { deletedAt: later(NOW, -HOUR) }
        : { deletedAt: undefined, primaryRegion: 'eu-north-1' };
      expect(judge({ ...given, secret: { ...given.secret, ...hidden } }, NOW)).toEqual([]);
    }),
  );
});

test('judge never speaks for a secret without any fault, whatever its policy', () => {
  fc.assert(
    fc.property(anyFacts, ({ policy, eventsArrive }) => {
      expect(judge(facts({ policy, eventsArrive }), NOW)).toEqual([]);
    }),
  );
});

test('judge says nothing of a rotation within its threshold that did not fail', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 * MINUTE }),
      fc.integer({ min: 0, max: 100 * DAY }),
      (age, due) => {
        const evidence = [anEvidence('rotation-started', age)];
        const given = { pending: aPending(age), evidence, secret: { nextRotationAt: later(NOW, -due) } };
        expect(codes(given)).toEqual([]);
      },
    ),
  );
});

const ABOUT_NOTHING_PENDING: readonly string[] = [
  'rotation-overdue',
  'rotation-silently-disabled',
  'replication-failed',
  'test-rotation-failed',
  'invalidation-unconfirmed',
  'previous-version-in-use',
];

test('findings about a pending version carry it, those about nothing pending carry none', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      for (const { code, pendingVersionId, what } of judge(given, NOW)) {
        expect(what).toMatch(/^[A-Z\d].*\.$/s);
        if (ABOUT_NOTHING_PENDING.includes(code)) {
          expect(pendingVersionId).toBeUndefined();
        } else if (code !== 'no-current-version' && code !== 'pending-abandoned') {
          expect(pendingVersionId).toBe(PENDING);
        }
      }
    }),
  );
});

test('nothing that speaks for a pending version is milder than CRITICAL while AWSCURRENT may be dead', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const speaking = judge(given, NOW).find(({ pendingVersionId }) => pendingVersionId === PENDING);
      if (!isSplit(given) || speaking === undefined || speaking.code === 'no-current-version') return;
      expect(speaking.severity).toBe('CRITICAL');
    }),
    { numRuns: 1500 },
  );
});

test('severity never falls while nothing but time goes by, but for a request that nobody repeats', () => {
  fc.assert(
    fc.property(anyFacts, fc.integer({ min: 0, max: 60 * DAY }), (given, ms) => {
      const after = new Map(judge(given, later(NOW, ms)).map((finding) => [finding.code, finding.severity]));
      for (const { code, severity } of judge(given, NOW)) {
        if (code === 'previous-version-in-use') continue;
        const then = after.get(code);
        expect(then && atLeast(then, severity)).toBe(true);
      }
    }),
  );
});
