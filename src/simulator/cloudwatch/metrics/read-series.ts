import { SECOND } from '../../../calendar/instant.ts';
import { invalidFormula } from '../math/invalid-formula.ts';
import { parseSearch } from '../math/search-terms.ts';
import type { TimeSeries } from '../math/value.ts';
import type { MetricStat, TimeRange } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import type { Series } from './series.ts';
import { STATISTICS, type Statistic, statistic } from './statistics.ts';

/** What a formula searches for. */
export interface Search {
  readonly formula: string;
  readonly terms: string;
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
}

/** Most series that a search finds. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html */
const MAX_FOUND = 500;

/** The datapoints of a metric; none when nothing was ever put. */
export function readMetric(
  store: MetricStore,
  { Metric, Period, Stat }: MetricStat,
  range: TimeRange,
): TimeSeries {
  const dimensions = Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
  const series = store.find(Metric.Namespace, Metric.MetricName, dimensions);
  if (series !== undefined)
    return read(series, { period: Period, stat: Stat, label: Metric.MetricName }, range);
  return { points: new Map(), period: Period, label: Metric.MetricName, properties: {} };
}

/** The series that a search finds; those without a datapoint in the time that is asked for are left out. */
export function searchMetrics(store: MetricStore, search: Search, range: TimeRange): readonly TimeSeries[] {
  const stat = STATISTICS.find((name) => name === search.statistic);
  if (stat === undefined) {
    throw invalidFormula(search.formula, `"${search.statistic}" is no statistic the simulator computes`);
  }
  return store
    .all()
    .filter(parseSearch(search.terms))
    .map((series) => read(series, { period: search.period, stat, label: labelOf(series) }, range))
    .filter(({ points }) => points.size > 0)
    .slice(0, MAX_FOUND);
}

const labelOf = ({ dimensions, name }: Series): string =>
  [...dimensions.map(([, value]) => value), name].join(' ');

function read(
  series: Series,
  { period, stat, label }: { readonly period: number; readonly stat: Statistic; readonly label: string },
  { StartTime, EndTime }: TimeRange,
): TimeSeries {
  const points = series.between(StartTime, EndTime, period * SECOND);
  return {
    points: new Map(points.map((point) => [point.at, statistic(stat, point)])),
    period,
    label,
    properties: {
      Namespace: series.namespace,
      MetricName: series.name,
      Stat: stat,
      ...Object.fromEntries(series.dimensions.map(([name, value]) => [`Dim.${name}`, value])),
    },
  };
}
