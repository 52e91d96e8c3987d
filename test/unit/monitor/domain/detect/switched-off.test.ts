import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { offSettledAt, switchedOff } from '../../../../../src/monitor/domain/detect/switched-off.ts';
import { anEvidence, NOW } from '../../../../support/builders.ts';

const cancelled = anEvidence('secret-changed', 3 * HOUR, { operation: 'CancelRotateSecret', actor: 'alex' });
const seenOff = anEvidence('rotation-disabled', 2 * HOUR);
const rotated = anEvidence('secret-changed', HOUR, { operation: 'RotateSecret', actor: 'kim' });

test('switchedOff takes the first sign and the actor any sign names', () => {
  expect(switchedOff({ evidence: [cancelled, seenOff] })).toEqual({ at: cancelled.at, actor: 'alex' });
  expect(switchedOff({ evidence: [seenOff, { ...cancelled, at: rotated.at }] })).toEqual({
    at: seenOff.at,
    actor: 'alex',
  });
  expect(switchedOff({ evidence: [seenOff] })).toEqual({ at: seenOff.at, actor: undefined });
});

test.each([
  ['RotateSecret', rotated],
  ['a rotation', anEvidence('rotation-started', HOUR)],
])('switchedOff forgets what came before %s switched rotation on again', (_name, on) => {
  expect(switchedOff({ evidence: [cancelled, seenOff, on] })).toBeUndefined();
});

test('switchedOff takes no other change for a switch', () => {
  expect(
    switchedOff({ evidence: [anEvidence('secret-changed', HOUR, { operation: 'PutSecretValue' })] }),
  ).toBeUndefined();
});

test('switchedOff forgets what a look has shown to be over, and that event may be lost', () => {
  expect(switchedOff({ evidence: [cancelled, seenOff], offSettledAt: seenOff.at })).toBeUndefined();
  const known = { evidence: [cancelled, seenOff], offSettledAt: cancelled.at };
  expect(switchedOff(known)).toEqual({ at: seenOff.at, actor: undefined });
});

test('a look that shows rotation on settles what was off five minutes before, for it may be as old', () => {
  const evidence = [anEvidence('rotation-disabled', 5 * MINUTE)];
  const settled = (rotationEnabled: boolean, agoMs: number) =>
    offSettledAt({ evidence }, { rotationEnabled }, later(NOW, -agoMs));
  expect(settled(true, 0)).toBe(evidence[0]?.at);
  expect(settled(true, 1)).toBeUndefined();
  expect(settled(false, 0)).toBeUndefined();
  expect(offSettledAt({ evidence: [], offSettledAt: NOW }, { rotationEnabled: true }, NOW)).toBe(NOW);
});

test('the restoration of a secret counts from when nobody could switch rotation on, and an earlier one does not', () => {
  const restored = (agoMs: number) =>
    anEvidence('secret-changed', agoMs, { operation: 'RestoreSecret', actor: 'kim' });
  const off = { at: cancelled.at, actor: 'alex' };
  expect(switchedOff({ evidence: [cancelled, restored(HOUR)] })).toEqual({ ...off, restoredAt: rotated.at });
  expect(switchedOff({ evidence: [restored(9 * HOUR), cancelled] })).toEqual(off);
});
