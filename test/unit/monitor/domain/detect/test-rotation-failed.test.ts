import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { testRotationFailed } from '../../../../../src/monitor/domain/detect/test-rotation-failed.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { anEvidence, facts, NOW } from '../../../../support/builders.ts';

const failed = anEvidence('test-rotation-failed', HOUR, { step: 'testSecret' });
const verdict = (evidence: readonly Evidence[], secret: Partial<Secret> = {}) =>
  testRotationFailed.detect(facts({ evidence, secret }), NOW);

test('testRotationFailed speaks for a test that failed and was not repeated', () => {
  expect(verdict([failed])).toMatchObject({
    code: 'test-rotation-failed',
    severity: 'LOW',
    since: failed.at,
    pendingVersionId: undefined,
    what: 'The test of the rotation settings failed at testSecret at 2026-11-21T09:00:00Z.',
  });
});

test.each(['test-rotation-succeeded', 'rotation-succeeded'] as const)(
  'testRotationFailed is clear after %s and speaks when a test fails again',
  (kind) => {
    const success = anEvidence(kind, 30 * MINUTE);
    expect(verdict([failed, success])).toBe('clear');
    expect(verdict([failed, success, anEvidence('test-rotation-failed', MINUTE)])).toMatchObject({
      what: 'The test of the rotation settings failed at 2026-11-21T09:59:00Z.',
    });
  },
);

test('testRotationFailed is clear when the secret rotated since, and when no test was seen', () => {
  expect(verdict([failed], { lastRotatedAt: later(failed.at, 1) })).toBe('clear');
  expect(verdict([failed], { lastRotatedAt: failed.at })).not.toBe('clear');
  expect(verdict([anEvidence('rotation-started', HOUR)])).toBe('clear');
});

test('testRotationFailed does not apply where rotation is off or has no function', () => {
  expect(verdict([failed], { rotationEnabled: false })).toBe('not-applicable');
  expect(verdict([failed], { rotationFunctionArn: undefined })).toBe('not-applicable');
});
