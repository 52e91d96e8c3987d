import type { StatisticSet } from './series.ts';

/** The units that CloudWatch knows. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
export const UNITS = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
  'Percent',
  'Count',
  'Bytes/Second',
  'Kilobytes/Second',
  'Megabytes/Second',
  'Gigabytes/Second',
  'Terabytes/Second',
  'Bits/Second',
  'Kilobits/Second',
  'Megabits/Second',
  'Gigabits/Second',
  'Terabits/Second',
  'Count/Second',
  'None',
] as const;

/** The statistics that the simulator computes; percentiles it cannot. */
export const STATISTICS = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'] as const;

/** Name of a statistic. */
export type Statistic = (typeof STATISTICS)[number];

/** One statistic of a set. */
export function statistic(name: Statistic, set: StatisticSet): number {
  switch (name) {
    case 'SampleCount':
      return set.sampleCount;
    case 'Sum':
      return set.sum;
    case 'Average':
      return set.sum / set.sampleCount;
    case 'Minimum':
      return set.minimum;
    case 'Maximum':
      return set.maximum;
  }
}

/** The statistics of some values, each counted once or as often as its weight says. */
export function statisticsOf(values: readonly number[], weights?: readonly number[]): StatisticSet {
  const weight = (index: number): number => weights?.[index] ?? 1;
  return {
    sampleCount: values.reduce((sum, _, index) => sum + weight(index), 0),
    sum: values.reduce((sum, value, index) => sum + value * weight(index), 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  };
}
