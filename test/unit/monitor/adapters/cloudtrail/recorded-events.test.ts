import { expect, test } from 'vitest';
import { recordedEvents } from '../../../../../src/monitor/adapters/cloudtrail/recorded-events.ts';
import { parseRotationEvent } from '../../../../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import { apiCall, labelUpdated, serviceEvent } from '../../../../support/events/envelopes.ts';

const started = serviceEvent('RotationStarted');
const cancelled = apiCall('CancelRotateSecret');

const kindsIn = (text: string): readonly string[] | undefined =>
  recordedEvents(text)?.map((envelope) => parseRotationEvent(envelope).kind);

test.each([
  ['one envelope', JSON.stringify(started), ['rotation-started']],
  ['a list', JSON.stringify([started, cancelled]), ['rotation-started', 'secret-changed']],
  [
    'a line each',
    `${JSON.stringify(started)}\n\n${JSON.stringify(labelUpdated('AWSCURRENT'))}\n`,
    ['rotation-started', 'label-moved'],
  ],
  [
    'a log file of CloudTrail',
    JSON.stringify({ Records: [started.detail, cancelled.detail] }),
    ['rotation-started', 'secret-changed'],
  ],
  [
    'what lookup-events prints',
    JSON.stringify({ Events: [{ EventId: 'x', CloudTrailEvent: JSON.stringify(started.detail) }] }),
    ['rotation-started'],
  ],
])('%s is read', (_what, text, kinds) => {
  expect(kindsIn(text)).toEqual(kinds);
});

test('what is no event stays one that is not understood', () => {
  const odd = [1, null, {}, { CloudTrailEvent: 'no JSON' }, { Records: [{ eventName: 'X' }] }];
  expect(kindsIn(JSON.stringify(odd))).toEqual(Array(5).fill('unrecognised'));
});

test.each(['', 'no JSON', `${JSON.stringify(started)}\nhalf a li`])('%j is no recording', (text) => {
  expect(recordedEvents(text)).toBeUndefined();
});
