import { expect, test } from 'vitest';
import { METRICS } from '../../../src/domain/metric.ts';

const catalogue = Object.entries(METRICS);

test.each(catalogue)(
  'metric %s has a name CloudWatch takes and a meaning in one sentence',
  (name, metric) => {
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(metric.meaning).toMatch(/^[^.]+\.$/);
  },
);

test('no dimension can make the number of series grow with the fleet', () => {
  const dimensions = new Set(catalogue.flatMap(([, metric]) => metric.dimensions));
  expect([...dimensions].sort()).toEqual(['Channel', 'Reason', 'Step']);
});

test('gauges of the sweep carry no dimension, so that they can be published when they are 0', () => {
  const gauges = catalogue.filter(([, { published }]) => published === 'sweep');
  expect(gauges).toHaveLength(14);
  for (const [, { dimensions }] of gauges) expect(dimensions).toEqual([]);
});
