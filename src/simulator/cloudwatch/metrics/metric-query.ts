import type { Instant } from '../../../calendar/instant.ts';
import type { Statistic } from './statistics.ts';

/** A metric, or a formula over the other queries. */
export interface MetricQuery {
  readonly Id: string;
  readonly Label?: string | undefined;
  readonly ReturnData: boolean;
  /** Seconds; of a formula, where no metric it uses says another. */
  readonly Period?: number | undefined;
  readonly MetricStat?: MetricStat | undefined;
  readonly Expression?: string | undefined;
}

/** One metric, added up by the period. */
export interface MetricStat {
  readonly Metric: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  };
  /** Seconds. */
  readonly Period: number;
  readonly Stat: Statistic;
}

/** The time that is asked for: from the first until before the second. */
export interface TimeRange {
  readonly StartTime: Instant;
  readonly EndTime: Instant;
}
