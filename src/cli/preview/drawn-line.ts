import type { DrawnSeries } from '../../monitor/ports/watch/dashboard-source.ts';

/** A series with its colour. */
export interface DrawnLine extends DrawnSeries {
  readonly color: string;
}

/** The last value; undefined when there is none. */
export const lastOf = ({ points }: DrawnSeries): number | undefined => points.at(-1)?.value;

/** All values added up. */
export const sumOf = ({ points }: DrawnSeries): number => points.reduce((sum, { value }) => sum + value, 0);

/** The columns of a table, each with the summary that it shows of the values. */
export const SUMMARIES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};
