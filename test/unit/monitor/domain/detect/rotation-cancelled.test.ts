import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { rotationCancelled } from '../../../../../src/monitor/domain/detect/rotation-cancelled.ts';
import { anEvidence, aPending, aPolicy, facts, NOW, PENDING } from '../../../../support/builders.ts';

const off = { rotationEnabled: false, nextRotationAt: undefined };

test('rotationCancelled speaks for a pending version while rotation is off', () => {
  expect(rotationCancelled.detect(facts({ pending: aPending(HOUR), secret: off }), NOW)).toMatchObject({
    code: 'rotation-cancelled',
    severity: 'MEDIUM',
    since: later(NOW, -HOUR),
    pendingVersionId: PENDING,
    what: `Rotation was cancelled and left AWSPENDING on version ${PENDING}.`,
  });
});

test('rotationCancelled names the actor and the time of the call that was seen', () => {
  const actor = 'arn:aws:iam::111122223333:user/alex';
  const cancelled = anEvidence('secret-changed', 30 * MINUTE, { operation: 'CancelRotateSecret', actor });
  const verdict = rotationCancelled.detect(
    facts({ pending: aPending(HOUR), secret: off, evidence: [cancelled] }),
    NOW,
  );
  expect(verdict).toMatchObject({
    since: cancelled.at,
    what: `Rotation was cancelled by ${actor} and left AWSPENDING on version ${PENDING}.`,
  });
});

test('rotationCancelled says that rotation went off with a deletion that was taken back, and by whom', () => {
  const call = (operation: string, agoMs: number, actor: string) =>
    anEvidence('secret-changed', agoMs, { operation, actor });
  const evidence = [call('DeleteSecret', 30 * MINUTE, 'kim'), call('RestoreSecret', 20 * MINUTE, 'alex')];
  expect(
    rotationCancelled.detect(facts({ pending: aPending(HOUR), secret: off, evidence }), NOW),
  ).toMatchObject({
    what: `The deletion of 2026-11-21T09:30:00Z by kim switched rotation off and left AWSPENDING on version ${PENDING}, and RestoreSecret by alex at 2026-11-21T09:40:00Z does not switch it on again.`,
  });
});

test('rotationCancelled is CRITICAL while AWSCURRENT may be dead', () => {
  const evidence = [anEvidence('rotation-failed', HOUR, { step: 'testSecret' })];
  const judged = (strategy: 'unknown' | 'alternating-users') =>
    rotationCancelled.detect(
      facts({ pending: aPending(HOUR), secret: off, evidence, policy: aPolicy({ strategy }) }),
      NOW,
    );
  expect(judged('unknown')).toMatchObject({ severity: 'CRITICAL' });
  expect(judged('alternating-users')).toMatchObject({ severity: 'MEDIUM' });
});

test('rotationCancelled is clear while rotation is on or was never configured', () => {
  expect(rotationCancelled.detect(facts({ pending: aPending(HOUR) }), NOW)).toBe('clear');
  const never = facts({ pending: aPending(HOUR), secret: { rotationEnabled: undefined } });
  expect(rotationCancelled.detect(never, NOW)).toBe('clear');
});

test('rotationCancelled does not apply without a pending version', () => {
  expect(rotationCancelled.detect(facts({ secret: off }), NOW)).toBe('not-applicable');
});
