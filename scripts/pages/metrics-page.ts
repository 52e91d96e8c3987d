import { METRICS, type Metric } from '../../src/monitor/domain/metric.ts';
import { code, page, table } from './markdown.ts';

/** Every metric, from the catalogue. */
export const metricsPage = (): string =>
  page(
    '# Metrics',
    'Namespace `SecretRotation`, unless the settings name another. The number of series does not grow with the number of secrets. [Alarms](alarms.md) and [dashboards](../dashboards/README.md) are made from this list.',
    '## Published at the end of every sweep, also when 0',
    metricTable('sweep'),
    '## Published for the worst secrets, while there are any',
    metricTable('worst'),
    '## Published when it happens',
    metricTable('event'),
    '## Published by applications that read from a local agent',
    'Each is published twice: for all applications together, without a dimension, and by `Service`. The client publishes them where it is given `metrics`.',
    metricTable('agent'),
  );

const metricTable = (published: Metric['published']): string =>
  table(
    ['Metric', 'Unit', 'Dimensions', 'Statistic', 'Meaning'],
    Object.entries(METRICS)
      .filter(([, metric]) => metric.published === published)
      .map(([name, { unit, dimensions, statistic, meaning }]) => [
        code(name),
        unit,
        dimensions.join(', ') || '–',
        statistic,
        meaning,
      ]),
  );
