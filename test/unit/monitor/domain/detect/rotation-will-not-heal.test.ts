import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { rotationWillNotHeal } from '../../../../../src/monitor/domain/detect/rotation-will-not-heal.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import {
  anEvidence,
  aPending,
  aPolicy,
  facts,
  NOW,
  PENDING,
  PREVIOUS,
} from '../../../../support/builders.ts';
import { FUNCTION } from '../../../../support/inspections.ts';

const pending = aPending(4 * HOUR);
const failed = (step: Evidence['step'], agoMs: number, given: Partial<Evidence> = {}) =>
  anEvidence('rotation-failed', agoMs, { ...(step && { step }), ...given });
const verdict = (...evidence: readonly Evidence[]) =>
  rotationWillNotHeal.detect(facts({ pending, evidence }), NOW);

test('rotationWillNotHeal speaks after three failures of one version over two hours', () => {
  const failures = [
    failed('setSecret', 3 * HOUR),
    failed('setSecret', 2 * HOUR),
    failed('setSecret', HOUR),
  ] as const;
  expect(verdict(...failures)).toMatchObject({
    code: 'rotation-will-not-heal',
    severity: 'HIGH',
    since: later(NOW, -3 * HOUR),
    pendingVersionId: PENDING,
    what: `The rotation to version ${PENDING} is unlikely to heal: it failed 3 times over 2 h, the last known time at setSecret.`,
  });
  expect(verdict(failures[0], failures[2])).toBe('clear');
});

test('rotationWillNotHeal waits for the last millisecond of two hours', () => {
  const spread = (ms: number) =>
    verdict(
      failed('setSecret', HOUR + ms),
      failed('setSecret', HOUR + ms - MINUTE),
      failed('setSecret', HOUR),
    );
  expect(spread(2 * HOUR - 1)).toBe('clear');
  expect(spread(2 * HOUR)).toMatchObject({ code: 'rotation-will-not-heal' });
});

test('rotationWillNotHeal does not count hours of before the version was created', () => {
  const evidence = [6 * HOUR, 5 * HOUR, 2 * HOUR].map((agoMs) => failed(undefined, agoMs));
  const created = (agoMs: number) =>
    rotationWillNotHeal.detect(facts({ pending: aPending(agoMs), evidence }), NOW);
  expect(created(MINUTE)).toBe('clear');
  expect(created(6 * HOUR)).toMatchObject({ code: 'rotation-will-not-heal' });
});

test('rotationWillNotHeal needs one failure that says that the function did not create the version', () => {
  expect(verdict(failed(undefined, MINUTE, { notCreatedByFunction: true }))).toMatchObject({
    severity: 'HIGH',
    what: expect.stringContaining('no retry can succeed'),
  });
});

test('rotationWillNotHeal is CRITICAL while AWSCURRENT may be dead', () => {
  const evidence = [failed('testSecret', 3 * HOUR), failed('testSecret', 2 * HOUR), failed('testSecret', 0)];
  expect(verdict(...evidence)).toMatchObject({ severity: 'CRITICAL' });
  const alternating = facts({ pending, evidence, policy: aPolicy({ strategy: 'alternating-users' }) });
  expect(rotationWillNotHeal.detect(alternating, NOW)).toMatchObject({ severity: 'HIGH' });
});

test('rotationWillNotHeal is clear once a success was reported', () => {
  const failures = [3, 2, 1].map((hours) => failed('setSecret', hours * HOUR));
  expect(verdict(...failures, anEvidence('rotation-succeeded', MINUTE))).toBe('clear');
});

test('rotationWillNotHeal does not apply without a pending version or a failure of it', () => {
  expect(rotationWillNotHeal.detect(facts(), NOW)).toBe('not-applicable');
  expect(verdict()).toBe('not-applicable');
  const other = [3, 2, 1].map((hours) => failed('setSecret', hours * HOUR, { versionId: PREVIOUS }));
  expect(verdict(...other)).toBe('not-applicable');
});

const broken = (kind: 'function-gone' | 'function-not-invocable' | 'function-whole', agoMs: number) =>
  anEvidence(kind, agoMs, { functionArn: FUNCTION });

test.each([
  ['function-gone', 'its rotation function does not exist'],
  ['function-not-invocable', 'Secrets Manager may not invoke its rotation function'],
] as const)('rotationWillNotHeal speaks at once when it is known that %s', (kind, because) => {
  expect(verdict(failed('createSecret', MINUTE), broken(kind, 0))).toMatchObject({
    severity: 'HIGH',
    since: later(NOW, -MINUTE),
    what: `The rotation to version ${PENDING} is unlikely to heal: ${because}.`,
  });
  expect(verdict(broken(kind, 0))).toMatchObject({ since: pending.since, pendingVersionId: PENDING });
});

test('rotationWillNotHeal is silent once the function is whole again', () => {
  const failure = failed('createSecret', HOUR);
  expect(verdict(failure, broken('function-gone', HOUR), broken('function-whole', 0))).toBe('clear');
});

test('rotationWillNotHeal lets a success speak for the function', () => {
  const healed = anEvidence('rotation-succeeded', 0);
  expect(verdict(failed('createSecret', HOUR), broken('function-gone', HOUR), healed)).toBe('clear');
});

test('rotationWillNotHeal takes a broken function after testSecret for as grave as the step', () => {
  expect(verdict(failed('testSecret', MINUTE), broken('function-gone', 0))).toMatchObject({
    severity: 'CRITICAL',
  });
});
