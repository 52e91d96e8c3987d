import { SECOND } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { evaluateFormula } from '../math/evaluate-formula.ts';
import type { FormulaContext } from '../math/functions.ts';
import { invalidFormula } from '../math/invalid-formula.ts';
import { parseFormula } from '../math/parse-formula.ts';
import { seriesIn, single, type Value } from '../math/value.ts';
import type { MetricQuery, TimeRange } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import { readMetric, searchMetrics } from './read-series.ts';

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

  /** What the query of this id comes to; `asker` is the formula that wants to know. Fails with a ValidationError. */
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
