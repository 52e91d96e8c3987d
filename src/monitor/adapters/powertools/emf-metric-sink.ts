import { Metrics } from '@aws-lambda-powertools/metrics';
import type { EmfOutput } from '@aws-lambda-powertools/metrics/types';
import type { Instant } from '../../../calendar/instant.ts';
import { type Datapoint, METRICS } from '../../domain/metric.ts';
import type { MetricSink } from '../../ports/watch/metric-sink.ts';

/** Writes a line of the embedded metric format: in Lambda, to standard output. */
export type WriteLine = (line: string) => void;

/**
 * Powertools flushes by itself at the 100th value of a metric and the 100th metric: past our writer, without our time.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const MOST_VALUES = 99;

/** Writes metrics as CloudWatch's embedded metric format, a line for each set of dimensions and 99 values. */
export function emfMetricSink(namespace: string, write: WriteLine): MetricSink {
  let metrics: Metrics | undefined;
  const lineOf = (group: readonly Datapoint[]): EmfOutput => {
    // It reads a dozen variables of the environment, so that there is one for all lines.
    metrics ??= withoutDefaults(namespace);
    metrics.clearMetrics();
    metrics.clearDimensions();
    for (const [name, value] of Object.entries(group[0]?.dimensions ?? {})) metrics.addDimension(name, value);
    for (const { name, value } of group) metrics.addMetric(name, METRICS[name].unit, value);
    return metrics.serializeMetrics();
  };
  return {
    async record(datapoints, at) {
      for (const group of byDimensions(datapoints)) write(JSON.stringify(completed(lineOf(group), at)));
    },
  };
}

function withoutDefaults(namespace: string): Metrics {
  const metrics = new Metrics({ namespace });
  metrics.clearDefaultDimensions();
  return metrics;
}

/**
 * Gives the line our own time, and a metric without dimensions the one empty set it needs: with no set at all CloudWatch
 * extracts nothing. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function completed(line: EmfOutput, at: Instant): Readonly<Record<string, unknown>> {
  const directives = line._aws.CloudWatchMetrics.map(({ Dimensions, ...directive }) => {
    const sets: readonly (readonly string[])[] = Dimensions;
    return { ...directive, Dimensions: sets.length === 0 ? [[]] : sets };
  });
  return { ...line, _aws: { Timestamp: at, CloudWatchMetrics: directives } };
}

function byDimensions(datapoints: readonly Datapoint[]): readonly (readonly Datapoint[])[] {
  const groups = new Map<string, Datapoint[]>();
  for (const datapoint of datapoints) {
    const key = JSON.stringify(Object.entries(datapoint.dimensions ?? {}).sort());
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [datapoint]);
    else group.push(datapoint);
  }
  return [...groups.values()].flatMap(chunks);
}

const chunks = (group: readonly Datapoint[]): readonly (readonly Datapoint[])[] =>
  Array.from({ length: Math.ceil(group.length / MOST_VALUES) }, (_, index) =>
    group.slice(index * MOST_VALUES, (index + 1) * MOST_VALUES),
  );
