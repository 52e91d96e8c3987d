import type { DrawnLine } from './drawn-line.ts';
import type { ShownMetrics } from './shown-body.ts';

/** Lines over time as the page draws them. */
export interface Chart {
  /** Epoch seconds, the same for all lines. */
  readonly times: readonly number[];
  readonly lines: readonly {
    readonly label: string;
    readonly color: string;
    readonly values: readonly (number | null)[];
  }[];
  /** The ends of the time that is shown, in epoch seconds. */
  readonly from: number;
  readonly to: number;
  /** Where the axis begins; undefined leaves that to the values. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly hasLegend: boolean;
}

/** Lays lines over each other. */
export function chartOf(
  lines: readonly DrawnLine[],
  { yAxis, legend }: ShownMetrics,
  { from, to }: { readonly from: number; readonly to: number },
): Chart {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  return {
    times: times.map((at) => at / 1000),
    lines: lines.map(({ label, color, points }) => {
      const byTime = new Map<number, number>(points.map(({ at, value }) => [at, value]));
      return { label, color, values: times.map((at) => byTime.get(at) ?? null) };
    }),
    from: from / 1000,
    to: to / 1000,
    min: yAxis?.left?.min,
    max: yAxis?.left?.max,
    hasLegend: legend?.position !== 'hidden',
  };
}
