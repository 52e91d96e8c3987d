import { METRICS, type MetricName } from '../domain/metric.ts';
import type { Watched } from './watched.ts';

/** The statistics that dashboards and alarms ask for. */
export type Statistic = 'Sum' | 'Maximum' | 'Minimum' | 'Average';

/** One metric and how its datapoints are added up. */
export interface MetricReference {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
}

/** A metric of the catalogue that has no dimensions, with its own statistic unless another is named. */
export const own = (
  { namespace }: Pick<Watched, 'namespace'>,
  name: MetricName,
  statistic: Statistic = METRICS[name].statistic,
): MetricReference => ({ namespace, name, dimensions: {}, statistic });

/** One series of a metric of the catalogue that has dimensions. */
export const ownBy = (
  watched: Pick<Watched, 'namespace'>,
  name: MetricName,
  dimensions: Readonly<Record<string, string>>,
): MetricReference => ({ ...own(watched, name), dimensions });

/** A search for every series of a metric of the catalogue that has dimensions, in the words of SEARCH. */
export const everySeriesOf = ({ namespace }: Pick<Watched, 'namespace'>, name: MetricName): string => {
  const { dimensions, statistic } = METRICS[name];
  return search([namespace, ...dimensions], `MetricName="${name}"`, statistic);
};

/**
 * A search expression; the schema is a namespace and the names of all dimensions. Its period is that of the widget.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export const search = (schema: readonly string[], terms: string, statistic: Statistic): string =>
  `SEARCH('{${schema.join(',')}} ${terms}', '${statistic}')`;
