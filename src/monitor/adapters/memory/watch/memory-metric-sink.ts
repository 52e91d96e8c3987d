import type { Datapoint } from '../../../domain/metric.ts';
import type { MetricSink } from '../../../ports/watch/metric-sink.ts';

/** Keeps what it was given. */
export interface MemoryMetricSink extends MetricSink {
  readonly datapoints: readonly Datapoint[];
}

/** Metrics that end in memory. */
export function memoryMetricSink(): MemoryMetricSink {
  const datapoints: Datapoint[] = [];
  return { datapoints, record: async (added) => void datapoints.push(...added) };
}
