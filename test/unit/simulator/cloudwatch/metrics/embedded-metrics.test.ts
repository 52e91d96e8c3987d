import { expect, test } from 'vitest';
import { openAccount, START } from '../../open-account.ts';

const line = (members: object = {}, directive: object = {}, timestamp: unknown = START): string =>
  JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: 'SecretRotation',
          Dimensions: [['Step']],
          Metrics: [{ Name: 'Failed', Unit: 'Count' }],
          ...directive,
        },
      ],
    },
    Step: 'setSecret',
    Failed: 2,
    note: 'ignored',
    ...members,
  });

test('ingestEmf stores the metrics of a line under each set of dimensions', async () => {
  const { cloudWatch, call } = openAccount();
  expect(cloudWatch.ingestEmf(line({}, { Dimensions: [['Step'], []] }))).toBe('stored');
  expect(cloudWatch.last('Failed')).toBe(2);
  await expect(call('monitoring', 'ListMetrics', {}, 'r')).resolves.toEqual({
    Metrics: [
      {
        Namespace: 'SecretRotation',
        MetricName: 'Failed',
        Dimensions: [{ Name: 'Step', Value: 'setSecret' }],
      },
      { Namespace: 'SecretRotation', MetricName: 'Failed', Dimensions: [] },
    ],
  });
});

test('ingestEmf takes several values of a metric, and no dimensions at all', () => {
  const { cloudWatch } = openAccount();
  expect(cloudWatch.ingestEmf(line({ Failed: [1, 3] }, { Dimensions: undefined }))).toBe('stored');
  expect(cloudWatch.last('Failed')).toBe(2);
});

test('ingestEmf passes over a metric that the line does not hold', () => {
  const { cloudWatch } = openAccount();
  expect(cloudWatch.ingestEmf(line({}, { Metrics: [{ Name: 'None' }, { Name: 'Failed' }] }))).toBe('stored');
  expect(cloudWatch.lastByName()).toEqual({ Failed: 2 });
});

test.each(['', 'START RequestId: 1', '5', 'null', '{"message":"hello"}'])(
  'ingestEmf passes over the line %j',
  (text) => {
    const { cloudWatch } = openAccount();
    expect(cloudWatch.ingestEmf(text)).toBe('not-emf');
    expect(cloudWatch.rejectedEmf()).toBe(0);
  },
);

const hundred = Array.from({ length: 101 }, (_, index) => index);

test.each([
  ['a missing timestamp', line({}, {}, null)],
  ['a timestamp in seconds', line({}, {}, START / 1000)],
  ['a dimension that the line does not hold', line({}, { Dimensions: [['Colour']] })],
  ['a dimension that is no string', line({ Step: 5 })],
  ['a dimension that is too long', line({ Step: 'x'.repeat(1025) })],
  ['31 dimensions', line({}, { Dimensions: [hundred.slice(0, 31).map(String)] })],
  ['101 metrics', line({}, { Metrics: hundred.map((index) => ({ Name: `m${index}` })) })],
  ['101 values', line({ Failed: hundred })],
  ['a value that is no number', line({ Failed: '2' })],
  ['an unknown unit', line({}, { Metrics: [{ Name: 'Failed', Unit: 'Apples' }] })],
  ['a namespace of AWS', line({}, { Namespace: 'AWS/Lambda' })],
  ['more than 1 MB', line({ note: 'x'.repeat(1024 * 1024) })],
])('ingestEmf rejects a line with %s', (_, text) => {
  const { cloudWatch } = openAccount();
  expect(cloudWatch.ingestEmf(text)).toBe('rejected');
  expect(cloudWatch.rejectedEmf()).toBe(1);
  expect(cloudWatch.lastByName()).toEqual({});
});
