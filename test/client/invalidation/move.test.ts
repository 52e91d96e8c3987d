import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMove } from '../../../client/src/invalidation/move.ts';
import { arnOf } from '../support/fake-source.ts';
import { aMove } from '../support/listening.ts';

const ARN = arnOf('orders/db');

test('a move is read from the event alone and from the envelope of SNS', () => {
  const event = aMove(ARN, 'v2', {
    previousVersionId: 'v1',
    sequence: 7,
    changedAt: '2026-11-29T10:00:00.000Z',
  });
  const move = {
    secretArn: ARN,
    secretName: 'orders/db',
    versionId: 'v2',
    previousVersionId: 'v1',
    changedAt: Date.parse('2026-11-29T10:00:00.000Z'),
    sequence: 7,
  };
  expect(parseMove(event)).toEqual(move);
  expect(parseMove(JSON.stringify({ Type: 'Notification', Message: event }))).toEqual(move);
});

test.each([
  ['of somebody else', { ...JSON.parse(aMove(ARN, 'v2')), source: 'somebody' }],
  ['of another kind', { ...JSON.parse(aMove(ARN, 'v2')), 'detail-type': 'Secret Label Updated' }],
  ['without a detail', { ...JSON.parse(aMove(ARN, 'v2')), detail: null }],
  ['with a name in the place of the ARN', JSON.parse(aMove('orders/db', 'v2'))],
  ['without a version', JSON.parse(aMove(ARN, ''))],
  ['with a version of another type', JSON.parse(aMove(ARN, 'v2', { versionId: { a: 1 } }))],
  ['without a time', JSON.parse(aMove(ARN, 'v2', { changedAt: 'soon' }))],
  ['with half a sequence', JSON.parse(aMove(ARN, 'v2', { sequence: 1.5 }))],
])('an event %s is none', (_kind, event) => {
  expect(parseMove(JSON.stringify(event))).toBeUndefined();
});

test('no text breaks the reader', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((Message) => JSON.stringify({ Message })),
      ),
      (body) => {
        expect(parseMove(body)).toBeUndefined();
      },
    ),
  );
});
