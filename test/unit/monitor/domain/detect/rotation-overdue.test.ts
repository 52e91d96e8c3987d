import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { rotationOverdue } from '../../../../../src/monitor/domain/detect/rotation-overdue.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import {
  anEvidence,
  aPending,
  aPolicy,
  CURRENT,
  facts,
  NOW,
  PREVIOUS,
} from '../../../../support/builders.ts';

const dueAgo = (ms: number, given: Partial<Secret> = {}) => ({ nextRotationAt: later(NOW, -ms), ...given });
const overdue = (ms: number, given: Partial<Secret> = {}) =>
  rotationOverdue.detect(facts({ secret: dueAgo(ms, given) }), NOW);

test('rotationOverdue is clear at the very end of the grace and speaks one millisecond later', () => {
  expect(overdue(15 * MINUTE)).toBe('clear');
  expect(overdue(15 * MINUTE + 1)).toMatchObject({
    code: 'rotation-overdue',
    severity: 'MEDIUM',
    since: later(NOW, -15 * MINUTE - 1),
    pendingVersionId: undefined,
  });
});

test('rotationOverdue says that the window was missed when no attempt was seen', () => {
  expect(overdue(HOUR)).toMatchObject({
    what: 'Rotation was due by 2026-11-21T09:00:00Z and no attempt was detected: the rotation window was missed.',
  });
});

test('rotationOverdue claims no missed window where events do not arrive', () => {
  const given = facts({ secret: dueAgo(HOUR), eventsArrive: false });
  expect(rotationOverdue.detect(given, NOW)).toMatchObject({
    what: 'Rotation was due by 2026-11-21T09:00:00Z and has not succeeded.',
  });
});

test.each(['rotation-started', 'rotation-failed'] as const)(
  'rotationOverdue takes %s for an attempt',
  (kind) => {
    const given = facts({ secret: dueAgo(HOUR), evidence: [anEvidence(kind, 2 * HOUR)] });
    expect(rotationOverdue.detect(given, NOW)).toMatchObject({
      what: expect.stringContaining('has not succeeded'),
    });
  },
);

test('rotationOverdue does not take an attempt for one that the last success ended', () => {
  const given = facts({
    secret: dueAgo(HOUR, { lastRotatedAt: later(NOW, -2 * HOUR) }),
    evidence: [anEvidence('rotation-started', 2 * HOUR)],
  });
  expect(rotationOverdue.detect(given, NOW)).toMatchObject({ what: expect.stringContaining('missed') });
});

test('rotationOverdue says when the secret has never rotated', () => {
  expect(overdue(HOUR, { lastRotatedAt: undefined })).toMatchObject({
    what: expect.stringContaining('and no attempt was detected: the secret has never rotated.'),
  });
  const deaf = facts({ secret: dueAgo(HOUR, { lastRotatedAt: undefined }), eventsArrive: false });
  expect(rotationOverdue.detect(deaf, NOW)).toMatchObject({
    what: expect.stringContaining('but the secret has never rotated.'),
  });
});

test('rotationOverdue is HIGH once the next window after the missed one has closed too', () => {
  const rotationRules = {
    automaticallyAfterDays: 1,
    scheduleExpression: 'rate(4 hours)',
    duration: undefined,
  };
  const nextRotationAt = later(NOW, -(5 * HOUR));
  const judged = (ms: number) =>
    rotationOverdue.detect(facts({ secret: { nextRotationAt, rotationRules } }), later(NOW, ms));
  // Due 05:00:00, so the next window opens at 09:00:00 and closes at 09:59:59.
  expect(judged(-1000)).toMatchObject({ severity: 'MEDIUM' });
  expect(judged(-999)).toMatchObject({ severity: 'HIGH' });
});

test.each([
  ['without rules', undefined],
  [
    'with unreadable rules',
    { automaticallyAfterDays: undefined, scheduleExpression: 'often', duration: undefined },
  ],
])('rotationOverdue is HIGH after thirty days %s', (_case, rotationRules) => {
  expect(overdue(30 * DAY, { rotationRules })).toMatchObject({ severity: 'MEDIUM' });
  expect(overdue(30 * DAY + 1, { rotationRules })).toMatchObject({ severity: 'HIGH' });
});

test('rotationOverdue waits while a rotation is within its threshold, and not a millisecond longer', () => {
  const aged = (ms: number) =>
    rotationOverdue.detect(facts({ pending: aPending(ms), secret: dueAgo(3 * HOUR) }), NOW);
  expect(aged(60 * MINUTE)).toBe('clear');
  expect(aged(60 * MINUTE + 1)).toMatchObject({ what: expect.stringContaining('has not succeeded') });
});

test.each<[string, Partial<Secret>]>([
  ['off', { rotationEnabled: false }],
  ['never configured', { rotationEnabled: undefined }],
  ['not due', { nextRotationAt: undefined }],
])('rotationOverdue does not apply when rotation is %s', (_case, secret) => {
  expect(overdue(HOUR, secret)).toBe('not-applicable');
});

test('rotationOverdue speaks for a value that nothing has changed for longer than is expected, whoever rotates it', () => {
  const unrotated = (ms: number) => ({
    rotationEnabled: undefined,
    rotationFunctionArn: undefined,
    rotationRules: undefined,
    nextRotationAt: undefined,
    lastChangedAt: later(NOW, -(30 * DAY) - ms),
  });
  const policy = aPolicy({ expectEveryMs: 30 * DAY });
  const judged = (ms: number) => rotationOverdue.detect(facts({ policy, secret: unrotated(ms) }), NOW);
  expect(judged(15 * MINUTE)).toBe('not-applicable');
  expect(judged(15 * MINUTE + 1)).toMatchObject({ code: 'rotation-overdue', severity: 'MEDIUM' });
  expect(judged(30 * DAY + 1)).toMatchObject({ severity: 'HIGH' });
  expect(rotationOverdue.detect(facts({ secret: unrotated(90 * DAY) }), NOW)).toBe('not-applicable');
});

test('the date of the version in use says how old a value is, of another version it says nothing', () => {
  const unrotated = { rotationEnabled: undefined, nextRotationAt: undefined, lastChangedAt: NOW };
  const judged = (versionId: string, ms: number) => {
    const valueDate = { versionId, createdAt: later(NOW, -(30 * DAY) - ms) };
    const policy = aPolicy({ expectEveryMs: 30 * DAY });
    return rotationOverdue.detect({ ...facts({ policy, secret: unrotated }), valueDate }, NOW);
  };
  expect(judged(CURRENT, 15 * MINUTE)).toBe('not-applicable');
  expect(judged(CURRENT, 15 * MINUTE + 1)).toMatchObject({
    severity: 'MEDIUM',
    since: later(NOW, -15 * MINUTE - 1),
    what: expect.stringMatching(/the value in use has been there since 2026-/),
  });
  expect(judged(CURRENT, 30 * DAY + 1)).toMatchObject({ severity: 'HIGH' });
  expect(judged(PREVIOUS, 90 * DAY)).toBe('not-applicable');
});
