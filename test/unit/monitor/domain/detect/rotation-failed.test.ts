import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
import { rotationFailed } from '../../../../../src/monitor/domain/detect/rotation-failed.ts';
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

const pending = aPending(30 * MINUTE);
const failed = (step: Evidence['step'], agoMs: number) =>
  anEvidence('rotation-failed', agoMs, step && { step });
const verdict = (...evidence: readonly Evidence[]) =>
  rotationFailed.detect(facts({ pending, evidence }), NOW);

test.each(['createSecret', 'setSecret', undefined] as const)(
  'rotationFailed gives %s fifteen minutes to heal and not a millisecond more',
  (step) => {
    expect(verdict(failed(step, 15 * MINUTE))).toBe('clear');
    expect(verdict(failed(step, 15 * MINUTE + 1))).toMatchObject({
      code: 'rotation-failed',
      severity: 'MEDIUM',
      pendingVersionId: PENDING,
    });
  },
);

test.each(['testSecret', 'finishSecret'] as const)(
  'rotationFailed gives %s two minutes to heal and is CRITICAL then',
  (step) => {
    expect(verdict(failed(step, 2 * MINUTE))).toBe('clear');
    expect(verdict(failed(step, 2 * MINUTE + 1))).toMatchObject({ severity: 'CRITICAL' });
  },
);

test('rotationFailed is MEDIUM after testSecret where users alternate, and waits for the usual grace', () => {
  const after = (ms: number) =>
    facts({
      pending,
      evidence: [failed('testSecret', ms)],
      policy: aPolicy({ strategy: 'alternating-users' }),
    });
  expect(rotationFailed.detect(after(15 * MINUTE), NOW)).toBe('clear');
  expect(rotationFailed.detect(after(15 * MINUTE + 1), NOW)).toMatchObject({ severity: 'MEDIUM' });
});

test('rotationFailed gives a version fifteen minutes although attempts failed before it was created', () => {
  const evidence = [failed(undefined, 3 * HOUR), failed(undefined, 2 * HOUR)];
  const after = (ageMs: number) => rotationFailed.detect(facts({ pending: aPending(ageMs), evidence }), NOW);
  expect(after(15 * MINUTE)).toBe('clear');
  expect(after(15 * MINUTE + 1)).toMatchObject({ code: 'rotation-failed', severity: 'MEDIUM' });
});

test('rotationFailed counts a failure of before the version was first seen', () => {
  const evidence = [failed('setSecret', 16 * MINUTE)];
  const seen = facts({ pending: aPending(MINUTE, { sinceFrom: 'first-seen' }), evidence });
  expect(rotationFailed.detect(seen, NOW)).toMatchObject({ code: 'rotation-failed' });
});

test('rotationFailed counts the grace from the first failure, so that retries do not put it off', () => {
  const first = failed('setSecret', 16 * MINUTE);
  expect(verdict(first, failed('setSecret', MINUTE))).toMatchObject({
    since: first.at,
    what: `The rotation to version ${PENDING} failed at setSecret at 2026-11-21T09:59:00Z and has not recovered.`,
  });
  expect(verdict(failed('testSecret', 3 * MINUTE), failed('testSecret', MINUTE))).toMatchObject({
    severity: 'CRITICAL',
  });
});

test('rotationFailed is clear once a success was reported after the failure, and speaks when it failed again', () => {
  const first = failed('setSecret', 20 * MINUTE);
  const success = anEvidence('rotation-succeeded', 18 * MINUTE);
  expect(verdict(first, success)).toBe('clear');
  expect(verdict(first, success, failed('setSecret', 17 * MINUTE))).toMatchObject({
    code: 'rotation-failed',
  });
});

test('rotationFailed does not apply without a pending version or a failure of it', () => {
  expect(rotationFailed.detect(facts({ evidence: [failed('setSecret', 20 * MINUTE)] }), NOW)).toBe(
    'not-applicable',
  );
  expect(verdict()).toBe('not-applicable');
  expect(verdict({ ...failed('setSecret', 20 * MINUTE), versionId: PREVIOUS })).toBe('not-applicable');
});
