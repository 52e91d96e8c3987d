import { expect, test } from 'vitest';
import { parseRotationEvent } from '../../../../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import {
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../../../../src/monitor/domain/rotation/event-patterns.ts';
import { apiCall, labelUpdated, serviceEvent } from '../../../../support/events/envelopes.ts';

test.each([
  ['ROTATION_OUTCOMES', ROTATION_OUTCOMES],
  ['SECRET_CHANGES', SECRET_CHANGES],
  ['LABEL_UPDATED', LABEL_UPDATED],
])('%s stays within what PutRule accepts', (_name, pattern) => {
  expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(4096);
});

test('every event the patterns let through is understood', () => {
  const events = [
    ...(ROTATION_OUTCOMES.detail['eventName'] ?? []).map((name) => serviceEvent(name)),
    ...(SECRET_CHANGES.detail['eventName'] ?? []).map((name) => apiCall(name)),
    ...(LABEL_UPDATED.detail['labelUpdated'] ?? []).map((label) => labelUpdated(label)),
  ];
  expect(events).toHaveLength(21);
  for (const event of events) expect(parseRotationEvent(event)).not.toHaveProperty('reason');
});
