import { expect, test } from 'vitest';
import { Arrivals, withoutSomeIds } from '../../../../bench/chaos/engine/arrivals.ts';
import { at } from '../../../support/builders.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/my-orders-AbCdEf';
const NOW = at('2026-03-02T10:00:05Z');

const batchOf = (versionId: string) => ({
  Records: [
    {
      messageId: 'm1',
      body: JSON.stringify({
        id: 'e1',
        source: 'aws.secretsmanager',
        time: '2026-03-02T10:00:00Z',
        detail: {
          eventName: 'RotationFailed',
          requestID: `Rotation-${ARN}-${versionId}`,
          eventVersion: '1.11',
        },
      }),
    },
  ],
});

test.each(['0f5b2c1e-1111-4111-8111-000000000001', 'terraform-20260122045848689200000001'])(
  'an event about version %s has arrived, once',
  (versionId) => {
    const arrivals = new Arrivals();
    arrivals.note(batchOf(versionId), NOW);
    arrivals.note(batchOf(versionId), NOW);
    const happenedAt = at('2026-03-02T10:00:00Z');
    expect(arrivals.of(versionId)).toEqual([{ eventName: 'RotationFailed', happenedAt, arrivedAt: NOW }]);
  },
);

test.each(['0f5b2c1e-1111-4111-8111-000000000001', 'terraform-20260122045848689200000002'])(
  'the id %s stays in its event',
  (versionId) => {
    expect(withoutSomeIds(batchOf(versionId))).toEqual(batchOf(versionId));
  },
);

test('of every other token of a deployment no event carries the id, and nothing else is missing', () => {
  const versionId = 'terraform-20260122045848689200000001';
  const [record] = Object(withoutSomeIds(batchOf(versionId))).Records;
  expect(record.messageId).toBe('m1');
  expect(record.body).not.toContain(versionId);
  expect(JSON.parse(record.body)).toMatchObject({
    id: 'e1',
    source: 'aws.secretsmanager',
    detail: { eventName: 'RotationFailed', eventVersion: '1.11' },
  });
});

test('what is no batch is left alone', () => {
  expect(withoutSomeIds({ secretId: 'arn' })).toEqual({ secretId: 'arn' });
});
