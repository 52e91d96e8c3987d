import * as z from 'zod';
import { SECOND } from '../../../calendar/instant.ts';
import { readInput } from '../../call/input.ts';
import type { Operation } from '../../call/service.ts';
import { checkRange, epochSeconds, getMetricData } from './get-metric-data.ts';
import { refuseParameter } from './limits.ts';
import type { TimeRange } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import type { Datapoint, Series } from './series.ts';
import { STATISTICS, statistic } from './statistics.ts';

/** Most metrics that ListMetrics answers at once. */
const LIST_PAGE = 500;

const dimensions = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
const period = z.number().int().min(1);
const metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions });
const statisticsRequest = z.object({
  ...metric.shape,
  StartTime: epochSeconds,
  EndTime: epochSeconds,
  Period: period,
  Statistics: z.array(z.enum(STATISTICS)).min(1),
});
const listRequest = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
  NextToken: z.string().optional(),
});

type Metric = z.infer<typeof metric>;

/** The operations that read metrics. */
export function readingOperations(store: MetricStore): Record<string, Operation> {
  return {
    GetMetricData: getMetricData(store),
    GetMetricStatistics: (input) =>
      getMetricStatistics(store, readInput(statisticsRequest, input, refuseParameter)),
    ListMetrics: (input) => listMetrics(store, readInput(listRequest, input, refuseParameter)),
  };
}

function getMetricStatistics(store: MetricStore, request: z.infer<typeof statisticsRequest>): object {
  checkRange(request);
  const unit = seriesOf(store, request)?.unit ?? 'None';
  const points = pointsOf(store, request, request, request.Period);
  return {
    Label: request.MetricName,
    Datapoints: points.map((point) => ({
      Timestamp: new Date(point.at),
      Unit: unit,
      ...Object.fromEntries(request.Statistics.map((name) => [name, statistic(name, point)])),
    })),
  };
}

function pointsOf(
  store: MetricStore,
  wanted: Metric,
  { StartTime, EndTime }: TimeRange,
  seconds: number,
): readonly Datapoint[] {
  return seriesOf(store, wanted)?.between(StartTime, EndTime, seconds * SECOND) ?? [];
}

const seriesOf = (store: MetricStore, { Namespace, MetricName, Dimensions }: Metric): Series | undefined =>
  store.find(Namespace, MetricName, Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])));

function listMetrics(store: MetricStore, request: z.infer<typeof listRequest>): object {
  const start = Number(request.NextToken ?? 0);
  if (!Number.isInteger(start) || start < 0)
    throw refuseParameter('NextToken', 'it was not answered by ListMetrics');
  const found = store.all().filter((series) => isListed(series, request));
  const end = start + LIST_PAGE;
  return {
    Metrics: found.slice(start, end).map((series) => ({
      Namespace: series.namespace,
      MetricName: series.name,
      Dimensions: series.dimensions.map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(end < found.length && { NextToken: String(end) }),
  };
}

function isListed(
  series: Series,
  { Namespace, MetricName, Dimensions }: z.infer<typeof listRequest>,
): boolean {
  return (
    (Namespace ?? series.namespace) === series.namespace &&
    (MetricName ?? series.name) === series.name &&
    Dimensions.every(({ Name, Value }) =>
      series.dimensions.some(([name, value]) => name === Name && (Value ?? value) === value),
    )
  );
}
