import { METRICS } from '../../src/monitor/domain/metric.ts';
import { AWS_METRICS } from '../../src/monitor/observability/aws-metrics.ts';
import type { MetricNamed } from './metric-references.ts';
import type { TestSimulator } from './simulated.ts';

interface Listed {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** Those of the metrics that are not in the catalogue, nor AWS's own, with exactly their dimensions. */
export function outsideCatalogue(named: readonly MetricNamed[]): readonly MetricNamed[] {
  const own = Object.entries(METRICS).flatMap(([name, { dimensions, published }]) =>
    // Applications publish each metric of an agent without its dimension, too.
    (published === 'agent' ? [dimensions, []] : [dimensions]).map(
      (each) => [name, { namespace: 'SecretRotation', dimensions: each }] as const,
    ),
  );
  const catalogue = [...own, ...Object.entries(AWS_METRICS)];
  return named.filter(
    ({ namespace, name, dimensions }) =>
      !catalogue.some(
        ([known, metric]) =>
          known === name &&
          metric.namespace === namespace &&
          [...metric.dimensions].sort().join() === dimensions.join(),
      ),
  );
}

/** Those of the metrics that were not published with exactly their dimensions; of AWS's own, values do not count. */
export async function unpublished(
  named: readonly MetricNamed[],
  simulator: TestSimulator,
): Promise<readonly MetricNamed[]> {
  const answer = await simulator.call('monitoring', 'ListMetrics', {}, 'test');
  const published = (answer as { Metrics: Listed[] }).Metrics;
  return named.filter((each) => !isAmong(published, each));
}

const isAmong = (
  published: readonly Listed[],
  { namespace, name, dimensions, values }: MetricNamed,
): boolean =>
  published.some(
    ({ Namespace, MetricName, Dimensions }) =>
      Namespace === namespace &&
      MetricName === name &&
      Dimensions.map(({ Name }) => Name)
        .sort()
        .join() === dimensions.join() &&
      (values === undefined ||
        namespace.startsWith('AWS/') ||
        Dimensions.every(({ Name, Value }) => values[Name] === Value)),
  );
