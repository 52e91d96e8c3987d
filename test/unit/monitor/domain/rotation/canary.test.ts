import { expect, test } from 'vitest';
import { MINUTE } from '../../../../../src/calendar/instant.ts';
import { parseRotationEvent } from '../../../../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import { canarySighting, failsOnce } from '../../../../../src/monitor/domain/rotation/canary.ts';
import type { RotationEvent } from '../../../../../src/monitor/domain/rotation/rotation-event.ts';
import { at } from '../../../../support/builders.ts';
import { apiCall, labelUpdated, rotationFailed, serviceEvent } from '../../../../support/events/envelopes.ts';

const HAPPENED = at('2026-11-21T09:30:00Z');

function event(envelope: unknown): RotationEvent {
  const parsed = parseRotationEvent(envelope);
  if ('reason' in parsed) throw new Error(parsed.reason);
  return parsed;
}

test('rotations of the morning fail once, from midnight to the last millisecond before noon', () => {
  const asked = ['00:00:00Z', '11:59:59.999Z', '12:00:00Z', '23:59:59.999Z'];
  expect(asked.map((time) => failsOnce(at(`2026-11-21T${time}`)))).toEqual([true, true, false, false]);
});

test.each([
  ['a call', apiCall('TagResource'), 'call'],
  ['a success', serviceEvent('RotationSucceeded'), 'rotation'],
  ['a failure', rotationFailed('testSecret'), 'rotation'],
])('%s of the canary counts by how late it arrives', (_case, envelope, Kind) => {
  expect(canarySighting(event(envelope), at('2026-11-21T09:32:00Z'))).toEqual([
    { name: 'CanaryEventDelay', value: (2 * MINUTE) / 1000, dimensions: { Kind } },
  ]);
});

test('an event that seems to come from the future is not late', () => {
  const [point] = canarySighting(event(apiCall('TagResource')), at('2026-11-21T09:29:00Z'));
  expect(point?.value).toBe(0);
});

test('a label event counts for nothing: Lambda counts it', () => {
  expect(canarySighting(event(labelUpdated('AWSCURRENT')), HAPPENED)).toEqual([]);
});
