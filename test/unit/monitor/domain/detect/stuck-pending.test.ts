import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Facts } from '../../../../../src/monitor/domain/detect/detector.ts';
import { stuckPending } from '../../../../../src/monitor/domain/detect/stuck-pending.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { anEvidence, aPending, aPolicy, facts, NOW, PENDING } from '../../../../support/builders.ts';

const severity = (given: Partial<Omit<Facts, 'secret'>>) => {
  const verdict = stuckPending.detect(facts({ pending: aPending(2 * HOUR), ...given }), NOW);
  return typeof verdict === 'string' ? verdict : verdict.severity;
};

const failed = (step: Evidence['step'], agoMs = HOUR) =>
  anEvidence('rotation-failed', agoMs, step && { step });

test('stuckPending is clear at the threshold and speaks one millisecond later', () => {
  expect(stuckPending.detect(facts({ pending: aPending(60 * MINUTE) }), NOW)).toBe('clear');
  expect(stuckPending.detect(facts({ pending: aPending(60 * MINUTE + 1) }), NOW)).toMatchObject({
    code: 'stuck-pending',
    severity: 'HIGH',
    since: later(NOW, -60 * MINUTE - 1),
    pendingVersionId: PENDING,
    what: `Version ${PENDING} has been AWSPENDING for 1 h: it blocks further rotations.`,
  });
});

test.each(['testSecret', 'finishSecret'] as const)(
  'stuckPending is CRITICAL when %s failed at last',
  (step) => {
    expect(severity({ evidence: [failed('setSecret', HOUR + 1), failed(step)] })).toBe('CRITICAL');
    expect(severity({ evidence: [failed(step)], policy: aPolicy({ strategy: 'single-user' }) })).toBe(
      'CRITICAL',
    );
    expect(severity({ evidence: [failed(step)], policy: aPolicy({ strategy: 'alternating-users' }) })).toBe(
      'HIGH',
    );
  },
);

test('stuckPending stays CRITICAL when a later failure names no step', () => {
  expect(severity({ evidence: [failed('testSecret'), failed(undefined, MINUTE)] })).toBe('CRITICAL');
});

test.each([undefined, 'createSecret', 'setSecret'] as const)(
  'stuckPending is HIGH when %s failed',
  (step) => {
    expect(severity({ evidence: [failed(step)] })).toBe('HIGH');
  },
);

test('stuckPending takes a failure without a version for one of the pending version if it came in its lifetime', () => {
  const { versionId: _, ...anonymous } = failed('testSecret', 2 * HOUR);
  expect(severity({ evidence: [anonymous] })).toBe('CRITICAL');
  expect(severity({ evidence: [{ ...anonymous, at: later(anonymous.at, -1) }] })).toBe('HIGH');
});

const unconfigured: Partial<Secret> = {
  rotationEnabled: undefined,
  rotationFunctionArn: undefined,
  rotationRules: undefined,
};

test('stuckPending does not apply to a version that was staged by hand on a secret without rotation', () => {
  const manual = facts({ pending: aPending(HOUR * 2), secret: unconfigured });
  expect(stuckPending.detect(manual, NOW)).toBe('not-applicable');
  const put = anEvidence('secret-changed', HOUR, { operation: 'PutSecretValue' });
  expect(stuckPending.detect({ ...manual, evidence: [put] }, NOW)).toBe('not-applicable');
});

test.each<[string, Partial<Secret>]>([
  ['rotation is on', { rotationEnabled: true }],
  ['rotation was on', { rotationEnabled: false }],
  [
    'a function is attached',
    { rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate' },
  ],
  [
    'rules are set',
    { rotationRules: { automaticallyAfterDays: 30, scheduleExpression: undefined, duration: undefined } },
  ],
  ['a service manages it', { owningService: 'rds' }],
  ['a partner manages it', { externalType: 'SnowflakeKeyPairAuthentication' }],
])('stuckPending applies when %s', (_case, secret) => {
  const given = facts({ pending: aPending(HOUR * 2), secret: { ...unconfigured, ...secret } });
  expect(stuckPending.detect(given, NOW)).toMatchObject({ code: 'stuck-pending' });
});

test('stuckPending applies when an event reported a rotation', () => {
  const given = facts({ pending: aPending(HOUR * 2), secret: unconfigured, evidence: [failed('setSecret')] });
  expect(stuckPending.detect(given, NOW)).toMatchObject({
    what: expect.stringContaining('for 2 h, failing at setSecret'),
  });
});

test('stuckPending does not apply without a pending version', () => {
  expect(stuckPending.detect(facts(), NOW)).toBe('not-applicable');
});
