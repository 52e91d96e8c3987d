import { expect, test } from 'vitest';
import { metricKeys } from '../../../../bench/cost/metric-keys.ts';

const lineOf = (Dimensions: readonly (readonly string[])[], members: object): string =>
  JSON.stringify({
    _aws: {
      Timestamp: 0,
      CloudWatchMetrics: [{ Namespace: 'Own', Dimensions, Metrics: [{ Name: 'Failed' }, { Name: 'Done' }] }],
    },
    ...members,
  });

test('each name is a metric', () => {
  expect(metricKeys(lineOf([[]], {}))).toEqual(['Own|Failed', 'Own|Done']);
});

test('each value of a dimension is a metric of its own, whatever the order of dimensions', () => {
  const members = { Step: 'setSecret', Reason: 'denied' };
  expect(metricKeys(lineOf([['Step', 'Reason']], members))).toEqual(
    metricKeys(lineOf([['Reason', 'Step']], members)),
  );
  expect(metricKeys(lineOf([['Step']], { Step: 'a' }))).not.toEqual(
    metricKeys(lineOf([['Step']], { Step: 'b' })),
  );
});
