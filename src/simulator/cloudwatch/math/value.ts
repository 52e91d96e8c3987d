/** A series of datapoints over time: the values by the beginning of their period, in milliseconds, oldest first. */
export interface TimeSeries {
  readonly points: ReadonlyMap<number, number>;
  /** Seconds. */
  readonly period: number;
  readonly label: string;
  /** Values of the properties in dynamic labels: `MetricName`, `Namespace`, `Stat`, and `Dim.<name>`. */
  readonly properties: Readonly<Record<string, string>>;
}

/** The value of an expression. */
export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly series: TimeSeries }
  | { readonly kind: 'array'; readonly members: readonly TimeSeries[] };

/** A number by itself. */
export const scalar = (value: number): Value => ({ kind: 'scalar', value });

/** A series by itself. */
export const single = (series: TimeSeries): Value => ({ kind: 'series', series });

/** Several series. */
export const several = (members: readonly TimeSeries[]): Value => ({ kind: 'array', members });

/** The series that a value consists of; a number has none. */
export function seriesIn(value: Value): readonly TimeSeries[] {
  switch (value.kind) {
    case 'scalar':
      return [];
    case 'series':
      return [value.series];
    case 'array':
      return value.members;
  }
}

/** The value with each of its series changed. */
export const eachSeries = (value: Value, change: (series: TimeSeries) => TimeSeries): Value =>
  value.kind === 'array' ? several(value.members.map(change)) : single(change(onlySeries(value)));

/** A series with other points; points that are no numbers are dropped. */
export const withPoints = (series: TimeSeries, points: Iterable<readonly [number, number]>): TimeSeries => ({
  ...series,
  points: new Map([...points].filter(([, value]) => Number.isFinite(value)).sort(([a], [b]) => a - b)),
});

/** Every time at which one of the series has a value, oldest first. */
export const timesOf = (members: readonly TimeSeries[]): readonly number[] =>
  [...new Set(members.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b);

function onlySeries(value: Value): TimeSeries {
  const [series] = seriesIn(value);
  if (series !== undefined) return series;
  return { points: new Map(), period: 60, label: '', properties: {} };
}
