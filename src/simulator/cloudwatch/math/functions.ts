import type { Expression } from './syntax.ts';
import {
  eachSeries,
  scalar,
  seriesIn,
  several,
  single,
  type TimeSeries,
  timesOf,
  type Value,
  withPoints,
} from './value.ts';

/** The part of a request that functions can read. */
export interface FormulaContext {
  /** The value of a query; fails when there is none of this id. */
  readonly query: (id: string) => Value;
  /** The series of the queries that are metrics, by their ids, in the order of the request. */
  readonly metrics: () => readonly (readonly [id: string, series: TimeSeries])[];
  /** The series that a SEARCH finds; in the period of the query where it names none. */
  readonly search: (request: {
    terms: string;
    statistic: string;
    period: number | undefined;
  }) => readonly TimeSeries[];
  /** Seconds; of the query, or of the metrics of the request. */
  readonly period: number;
  /** Beginnings of all periods in the time that is asked for, in milliseconds. */
  readonly times: (period: number) => readonly number[];
  readonly refuse: (reason: string) => Error;
}

/** A function of metric math: gets what stands in its parentheses, not worked out yet. */
export type FormulaFunction = (
  args: readonly Expression[],
  context: FormulaContext,
  evaluate: (expression: Expression) => Value,
) => Value;

type Aggregate = (values: readonly number[]) => number;

const sum: Aggregate = (values) => values.reduce((total, value) => total + value, 0);

/** Functions that make one number of many; their names are the words of SORT, too. */
const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

/**
 * The functions that the simulator knows.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export const FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  ...Object.fromEntries(Object.entries(AGGREGATES).map(([name, each]) => [name, aggregating(each)])),
  FILL: fill,
  METRICS: ([part], { metrics, refuse }) =>
    several(metrics().flatMap(([id, series]) => (id.includes(textOf(part, refuse)) ? [series] : []))),
  SEARCH: search,
  SORT: sort,
  TIME_SERIES: timeSeries,
};

/** Makes a function that returns a number for one series, and a series for several. */
function aggregating(aggregate: Aggregate): FormulaFunction {
  return ([arg], { refuse }, evaluate) => {
    if (arg === undefined) throw refuse('a function needs an argument');
    const value = evaluate(arg);
    if (value.kind === 'scalar') return value;
    if (value.kind === 'series') return scalar(aggregate([...value.series.points.values()]));
    return single(aggregated(aggregate, value.members));
  };
}

function aggregated(aggregate: Aggregate, members: readonly TimeSeries[]): TimeSeries {
  const [first = { points: new Map(), period: 60, label: '', properties: {} }] = members;
  return withPoints(
    { ...first, label: '', properties: {} },
    timesOf(members).map(
      (at) => [at, aggregate(members.flatMap(({ points }) => points.get(at) ?? []))] as const,
    ),
  );
}

function fill(
  args: Parameters<FormulaFunction>[0],
  context: FormulaContext,
  evaluate: (expression: Expression) => Value,
): Value {
  const [what, filler] = args;
  if (what === undefined || filler === undefined) throw context.refuse('FILL needs a series and a filler');
  const repeats = filler.kind === 'name' && filler.name === 'REPEAT';
  const given = repeats ? undefined : evaluate(filler);
  if (given !== undefined && given.kind !== 'scalar') throw context.refuse('FILL takes a number or REPEAT');
  return eachSeries(evaluate(what), (series) => {
    let last = given?.value;
    const points = context.times(series.period).flatMap((at): readonly (readonly [number, number])[] => {
      const own = series.points.get(at);
      if (repeats) last = own ?? last;
      const value = own ?? last;
      return value === undefined ? [] : [[at, value]];
    });
    return withPoints(series, points);
  });
}

function search(args: readonly Expression[], context: FormulaContext): Value {
  const [terms, statistic, period] = args;
  return several(
    context.search({
      terms: textOf(terms, context.refuse),
      statistic: textOf(statistic, context.refuse),
      period: period?.kind === 'number' ? period.value : undefined,
    }),
  );
}

function sort(
  args: readonly Expression[],
  { refuse }: FormulaContext,
  evaluate: (expression: Expression) => Value,
): Value {
  const [what, by, order, limit] = args;
  const aggregate = AGGREGATES[wordOf(by)];
  if (what === undefined || aggregate === undefined)
    throw refuse('SORT needs series and AVG, MIN, MAX or SUM');
  const sign = wordOf(order) === 'ASC' ? 1 : -1;
  const weight = ({ points }: TimeSeries): number => aggregate([...points.values()]);
  const sorted = seriesIn(evaluate(what)).toSorted((a, b) => sign * (weight(a) - weight(b)));
  return several(limit?.kind === 'number' ? sorted.slice(0, limit.value) : sorted);
}

function timeSeries(
  [arg]: readonly Expression[],
  { period, times, refuse }: FormulaContext,
  evaluate: (expression: Expression) => Value,
): Value {
  const value = arg === undefined ? undefined : evaluate(arg);
  if (value?.kind !== 'scalar') throw refuse('TIME_SERIES takes a number');
  const series = { points: new Map<number, number>(), period, label: '', properties: {} };
  return single(
    withPoints(
      series,
      times(period).map((at) => [at, value.value] as const),
    ),
  );
}

const wordOf = (expression: Expression | undefined): string =>
  expression?.kind === 'name' ? expression.name : '';

/** The text of an argument; nothing stands for the empty text. */
function textOf(expression: Expression | undefined, refuse: (reason: string) => Error): string {
  if (expression === undefined) return '';
  if (expression.kind !== 'text') throw refuse('a text in quotes is expected');
  return expression.value;
}
