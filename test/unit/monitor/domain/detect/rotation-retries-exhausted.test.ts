import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { rotationRetriesExhausted } from '../../../../../src/monitor/domain/detect/rotation-retries-exhausted.ts';
import { allProgress } from '../../../../../src/monitor/domain/rotation/progress.ts';
import {
  anEvidence,
  aPending,
  aPolicy,
  facts,
  NOW,
  PENDING,
  PREVIOUS,
} from '../../../../support/builders.ts';

const dueAgo = (ms: number) => ({ nextRotationAt: later(NOW, -ms) });
const given = { pending: aPending(3 * DAY), secret: dueAgo(2 * DAY) };

test('rotationRetriesExhausted speaks for a rotation nobody has tried for over a day', () => {
  expect(rotationRetriesExhausted.detect(facts(given), NOW)).toMatchObject({
    code: 'rotation-retries-exhausted',
    severity: 'HIGH',
    since: later(NOW, -3 * DAY),
    pendingVersionId: PENDING,
    what: expect.stringContaining('no attempt has been detected for 3 d'),
  });
});

test('rotationRetriesExhausted is CRITICAL while AWSCURRENT may be dead', () => {
  const evidence = [anEvidence('rotation-failed', 2 * DAY, { step: 'finishSecret' })];
  const judged = (strategy: 'unknown' | 'alternating-users') =>
    rotationRetriesExhausted.detect(facts({ ...given, evidence, policy: aPolicy({ strategy }) }), NOW);
  expect(judged('unknown')).toMatchObject({ severity: 'CRITICAL' });
  expect(judged('alternating-users')).toMatchObject({ severity: 'HIGH' });
});

test('rotationRetriesExhausted does not take silence for a lack of attempts where no events arrive', () => {
  expect(rotationRetriesExhausted.detect(facts({ ...given, eventsArrive: false }), NOW)).toMatchObject({
    what: expect.stringContaining('later attempts are unknown'),
  });
});

test('rotationRetriesExhausted is clear until the due date is past by more than a day', () => {
  const due = (ms: number) => rotationRetriesExhausted.detect(facts({ ...given, secret: dueAgo(ms) }), NOW);
  expect(due(DAY)).toBe('clear');
  expect(due(DAY + 1)).toMatchObject({ code: 'rotation-retries-exhausted' });
});

test.each(['rotation-started', 'rotation-failed'] as const)(
  'rotationRetriesExhausted is clear until %s lies more than a day back',
  (kind) => {
    const tried = (ms: number) =>
      rotationRetriesExhausted.detect(facts({ ...given, evidence: [anEvidence(kind, ms)] }), NOW);
    expect(tried(DAY)).toBe('clear');
    expect(tried(DAY + 1)).toMatchObject({ code: 'rotation-retries-exhausted' });
  },
);

test.each(['rotation-started', 'rotation-failed'] as const)(
  'rotationRetriesExhausted counts %s also once other facts have taken its place',
  (kind) => {
    const progress = allProgress({ evidence: [anEvidence(kind, HOUR)] });
    expect(rotationRetriesExhausted.detect(facts({ ...given, progress }), NOW)).toBe('clear');
  },
);

test('rotationRetriesExhausted takes the start of the pending version for an attempt', () => {
  const begun = (ms: number) =>
    rotationRetriesExhausted.detect(facts({ ...given, pending: aPending(ms) }), NOW);
  expect(begun(DAY)).toBe('clear');
  expect(begun(DAY + 1)).toMatchObject({ code: 'rotation-retries-exhausted' });
});

test('rotationRetriesExhausted pays no attention to attempts at another version', () => {
  const evidence = [anEvidence('rotation-failed', HOUR, { versionId: PREVIOUS })];
  expect(rotationRetriesExhausted.detect(facts({ ...given, evidence }), NOW)).not.toBe('clear');
});

test('rotationRetriesExhausted waits for the threshold, however long that is', () => {
  const policy = { ...facts().policy, stuckAfterMs: 3 * DAY };
  expect(rotationRetriesExhausted.detect(facts({ ...given, policy }), NOW)).toBe('clear');
});

test('rotationRetriesExhausted does not apply without a pending version or a due date', () => {
  expect(rotationRetriesExhausted.detect(facts({ secret: dueAgo(2 * DAY) }), NOW)).toBe('not-applicable');
  const undue = facts({ pending: aPending(5 * MINUTE), secret: { nextRotationAt: undefined } });
  expect(rotationRetriesExhausted.detect(undue, NOW)).toBe('not-applicable');
});
