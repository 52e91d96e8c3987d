import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
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
