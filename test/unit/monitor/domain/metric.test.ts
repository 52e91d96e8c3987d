import { expect, test } from 'vitest';
import { METRICS } from '../../../../src/monitor/domain/metric.ts';

const catalogue = Object.entries(METRICS);

test.each(catalogue)(
  'metric %s has a name CloudWatch takes and a meaning in one sentence',
  (name, metric) => {
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(metric.meaning).toMatch(/^[^.]+\.$/);
  },
);

test('no dimension can make the number of series grow with the fleet, and a secret is named only for the worst', () => {
  const dimensions = (worst: boolean) => [
    ...new Set(
      catalogue.flatMap(([, metric]) => ((metric.published === 'worst') === worst ? metric.dimensions : [])),
    ),
  ];
  expect(dimensions(false).sort()).toEqual(['Channel', 'Kind', 'Reason', 'Service', 'Step']);
  expect(dimensions(true)).toEqual(['SecretName']);
});

test('gauges of the sweep carry no dimension, so that they can be published when they are 0', () => {
  const gauges = catalogue.filter(([, { published }]) => published === 'sweep');
  expect(gauges).toContainEqual(['SecretsObserved', METRICS.SecretsObserved]);
  for (const [, { dimensions }] of gauges) expect(dimensions).toEqual([]);
});
