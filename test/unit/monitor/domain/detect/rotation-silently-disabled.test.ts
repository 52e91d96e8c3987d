import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { rotationSilentlyDisabled } from '../../../../../src/monitor/domain/detect/rotation-silently-disabled.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { anEvidence, facts, NOW } from '../../../../support/builders.ts';

const seenOff = anEvidence('rotation-disabled', HOUR);
const off = (secret: Partial<Secret> = {}) =>
  facts({ secret: { rotationEnabled: false, ...secret }, evidence: [seenOff] });

test('rotationSilentlyDisabled speaks when rotation was seen to go off while its settings are attached', () => {
  expect(rotationSilentlyDisabled.detect(off(), NOW)).toMatchObject({
    code: 'rotation-silently-disabled',
    severity: 'MEDIUM',
    since: seenOff.at,
    pendingVersionId: undefined,
    what: 'Rotation was switched off although its settings are still attached.',
  });
});

test('rotationSilentlyDisabled gives fifteen minutes to whoever replaces the configuration', () => {
  const since = (ms: number) => ({ ...off(), evidence: [anEvidence('rotation-disabled', ms)] });
  expect(rotationSilentlyDisabled.detect(since(15 * MINUTE), NOW)).toBe('clear');
  expect(rotationSilentlyDisabled.detect(since(15 * MINUTE + 1), NOW)).not.toBe('clear');
});

test('rotationSilentlyDisabled gives as long from the last change where nobody heard of the deletion being taken back', () => {
  const evidence = [anEvidence('secret-changed', 3 * DAY, { operation: 'DeleteSecret' })];
  const after = (ms: number) => ({ ...off({ lastChangedAt: later(NOW, -ms) }), evidence });
  expect(rotationSilentlyDisabled.detect(after(15 * MINUTE), NOW)).toBe('clear');
  expect(rotationSilentlyDisabled.detect(after(15 * MINUTE + 1), NOW)).toMatchObject({
    since: later(NOW, -3 * DAY),
  });
});

test('rotationSilentlyDisabled says that it went off with a deletion that was taken back, and by whom', () => {
  const call = (operation: string, agoMs: number, user: string) =>
    anEvidence('secret-changed', agoMs, { operation, actor: `arn:aws:iam::111122223333:user/${user}` });
  const evidence = [call('DeleteSecret', 3 * HOUR, 'kim'), call('RestoreSecret', HOUR, 'alex')];
  expect(rotationSilentlyDisabled.detect({ ...off(), evidence }, NOW)).toMatchObject({
    what: 'The deletion of 2026-11-21T07:00:00Z by arn:aws:iam::111122223333:user/kim switched rotation off, and RestoreSecret by arn:aws:iam::111122223333:user/alex at 2026-11-21T09:00:00Z does not switch it on again.',
  });
});

test('rotationSilentlyDisabled says so where no event reported the deletion, but one that it was taken back', () => {
  const restored = anEvidence('secret-changed', HOUR, { operation: 'RestoreSecret', actor: 'alex' });
  for (const evidence of [
    [anEvidence('rotation-disabled', 3 * HOUR), restored],
    [restored, anEvidence('rotation-disabled', 58 * MINUTE)],
  ]) {
    expect(rotationSilentlyDisabled.detect({ ...off(), evidence }, NOW)).toMatchObject({
      what: 'A deletion by an unknown caller switched rotation off, and RestoreSecret by alex at 2026-11-21T09:00:00Z does not switch it on again.',
    });
  }
});

test('rotationSilentlyDisabled names the actor where the call was seen', () => {
  const cancelled = anEvidence('secret-changed', HOUR, {
    operation: 'CancelRotateSecret',
    actor: 'arn:aws:iam::111122223333:role/ci',
  });
  expect(rotationSilentlyDisabled.detect({ ...off(), evidence: [cancelled] }, NOW)).toMatchObject({
    what: expect.stringContaining('by arn:aws:iam::111122223333:role/ci'),
  });
});

test('rotationSilentlyDisabled is clear when nobody saw it go off, or when it was switched on again since', () => {
  expect(rotationSilentlyDisabled.detect({ ...off(), evidence: [] }, NOW)).toBe('clear');
  const on = anEvidence('secret-changed', 1, { operation: 'RotateSecret' });
  expect(rotationSilentlyDisabled.detect({ ...off(), evidence: [seenOff, on] }, NOW)).toBe('clear');
});

test('rotationSilentlyDisabled gives two minutes to whoever has taken a label off', () => {
  const vanished = (ms: number) => ({ ...off(), evidence: [seenOff, anEvidence('pending-vanished', ms)] });
  expect(rotationSilentlyDisabled.detect(vanished(2 * MINUTE), NOW)).toBe('clear');
  expect(rotationSilentlyDisabled.detect(vanished(2 * MINUTE + 1), NOW)).not.toBe('clear');
});

test.each<[string, Partial<Secret>]>([
  ['rotation is on', { rotationEnabled: true }],
  ['rotation was never configured', { rotationEnabled: undefined }],
  ['nothing is attached any more', { rotationFunctionArn: undefined, rotationRules: undefined }],
])('rotationSilentlyDisabled does not apply when %s', (_case, secret) => {
  expect(rotationSilentlyDisabled.detect(off(secret), NOW)).toBe('not-applicable');
});
