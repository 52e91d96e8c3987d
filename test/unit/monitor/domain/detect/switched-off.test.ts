import { expect, test } from 'vitest';
import { HOUR } from '../../../../../src/calendar/instant.ts';
import { switchedOff } from '../../../../../src/monitor/domain/detect/switched-off.ts';
import { anEvidence } from '../../../../support/builders.ts';

const cancelled = anEvidence('secret-changed', 3 * HOUR, { operation: 'CancelRotateSecret', actor: 'alex' });
const seenOff = anEvidence('rotation-disabled', 2 * HOUR);
const rotated = anEvidence('secret-changed', HOUR, { operation: 'RotateSecret', actor: 'kim' });

test('switchedOff takes the first sign and the actor any sign names', () => {
  expect(switchedOff([cancelled, seenOff])).toEqual({ at: cancelled.at, actor: 'alex' });
  expect(switchedOff([seenOff, { ...cancelled, at: rotated.at }])).toEqual({ at: seenOff.at, actor: 'alex' });
  expect(switchedOff([seenOff])).toEqual({ at: seenOff.at, actor: undefined });
});

test.each([
  ['RotateSecret', rotated],
  ['a rotation', anEvidence('rotation-started', HOUR)],
])('switchedOff forgets what came before %s switched rotation on again', (_name, on) => {
  expect(switchedOff([cancelled, seenOff, on])).toBeUndefined();
});

test('switchedOff takes no other change for a switch', () => {
  expect(switchedOff([anEvidence('secret-changed', HOUR, { operation: 'PutSecretValue' })])).toBeUndefined();
});
