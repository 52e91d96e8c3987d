import { SECOND } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { evaluateFormula } from '../math/evaluate-formula.ts';
import type { FormulaContext } from '../math/functions.ts';
import { invalidFormula } from '../math/invalid-formula.ts';
import { parseSearch } from '../math/search-terms.ts';
import { parseFormula } from '../math/syntax.ts';
import { seriesIn, single, type TimeSeries, type Value } from '../math/value.ts';
import type { MetricQuery, MetricStat, TimeRange } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import type { Series } from './series.ts';
import { STATISTICS, type Statistic, statistic } from './statistics.ts';

/** Period of a formula that has no metric to take one from, in seconds. */
const DEFAULT_PERIOD = 300;

/** Queries that may use each other, worked out when they are asked for, each once. */
export class QueryRun {
  readonly #store: MetricStore;
  readonly #queries: ReadonlyMap<string, MetricQuery>;
  readonly #range: TimeRange;
  readonly #known = new Map<string, Value>();
  readonly #busy = new Set<string>();

  constructor(store: MetricStore, queries: readonly MetricQuery[], range: TimeRange) {
    this.#store = store;
    this.#queries = new Map(queries.map((query) => [query.Id, query]));
    this.#range = range;
    if (this.#queries.size < queries.length) {
      throw new AwsError(
        'ValidationError',
        'The values for parameter id in MetricDataQueries are not unique.',
      );
    }
  }

  /** Returns the value of the query of this id for the formula `asker`. Fails with a ValidationError. */
  value(id: string, asker: string): Value {
    const found = this.#known.get(id);
    if (found !== undefined) return found;
    const query = this.#queries.get(id);
    if (query === undefined) throw invalidFormula(asker, `there is no query "${id}"`);
    if (this.#busy.has(id)) throw invalidFormula(asker, `"${id}" depends on itself`);
    this.#busy.add(id);
    const value = this.#worked(query);
    this.#busy.delete(id);
    this.#known.set(id, value);
    return value;
  }

  #worked(query: MetricQuery): Value {
    const { Expression, MetricStat } = query;
    if (MetricStat !== undefined && Expression === undefined) {
      return single(readMetric(this.#store, MetricStat, this.#range));
    }
    if (MetricStat !== undefined || Expression === undefined) {
      throw new AwsError('ValidationError', `The query "${query.Id}" needs a MetricStat or an Expression.`);
    }
    return evaluateFormula(parseFormula(Expression), this.#context(query, Expression));
  }

  #context(query: MetricQuery, formula: string): FormulaContext {
    const metrics = [...this.#queries.values()].filter(({ MetricStat }) => MetricStat !== undefined);
    const period = query.Period ?? metrics[0]?.MetricStat?.Period ?? DEFAULT_PERIOD;
    return {
      period,
      query: (id) => this.value(id, formula),
      metrics: () =>
        metrics.flatMap(({ Id }) => seriesIn(this.value(Id, formula)).map((series) => [Id, series] as const)),
      search: (wanted) =>
        searchMetrics(this.#store, { formula, ...wanted, period: wanted.period ?? period }, this.#range),
      times: (seconds) => periods(seconds, this.#range),
      refuse: (reason) => invalidFormula(formula, reason),
    };
  }
}

/** The beginnings of all periods in a range, in milliseconds. */
function periods(seconds: number, { StartTime, EndTime }: TimeRange): readonly number[] {
  const step = seconds * SECOND;
  const first = Math.floor(StartTime / step) * step;
  return Array.from({ length: Math.ceil((EndTime - first) / step) }, (_, index) => first + index * step);
}

/** A search in a formula. */
interface Search {
  readonly formula: string;
  readonly terms: string;
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
}

/** Most series that a search finds. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html */
const MAX_FOUND = 500;

/** The datapoints of a metric; none when nothing was ever put. */
function readMetric(store: MetricStore, { Metric, Period, Stat }: MetricStat, range: TimeRange): TimeSeries {
  const dimensions = Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
  const series = store.find(Metric.Namespace, Metric.MetricName, dimensions);
  if (series !== undefined)
    return read(series, { period: Period, stat: Stat, label: Metric.MetricName }, range);
  return { points: new Map(), period: Period, label: Metric.MetricName, properties: {} };
}

/** The series that a search finds; those without a datapoint in the time that is asked for are left out. */
function searchMetrics(store: MetricStore, search: Search, range: TimeRange): readonly TimeSeries[] {
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
