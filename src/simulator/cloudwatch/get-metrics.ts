import * as z from 'zod';
import { instant, SECOND } from '../../domain/instant.ts';
import { AwsError } from '../aws-error.ts';
import { readInput } from '../input.ts';
import type { Operation } from '../service.ts';
import { invalidValue } from './limits.ts';
import type { MetricStore } from './metric-store.ts';
import type { Datapoint, Series } from './series.ts';
import { STATISTICS, statistic } from './statistics.ts';

/** Most metrics that ListMetrics answers at once. */
const LIST_PAGE = 500;

const dimensions = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
const epochSeconds = z.number().transform((seconds) => instant(seconds * SECOND));
const period = z.number().int().min(1);
const metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions });
const query = z.object({
  Id: z.string().regex(/^[a-z]\w{0,254}$/),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
  MetricStat: z.object({ Metric: metric, Period: period, Stat: z.enum(STATISTICS) }).optional(),
  Expression: z.string().optional(),
});
const dataRequest = z.object({
  MetricDataQueries: z.array(query).min(1).max(500),
  StartTime: epochSeconds,
  EndTime: epochSeconds,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
});
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
type DataRequest = z.infer<typeof dataRequest>;

/** The operations that read metrics. Metric math is refused. */
export function readingOperations(store: MetricStore): Record<string, Operation> {
  return {
    GetMetricData: (input) => getMetricData(store, readInput(dataRequest, input, refuse)),
    GetMetricStatistics: (input) => getMetricStatistics(store, readInput(statisticsRequest, input, refuse)),
    ListMetrics: (input) => listMetrics(store, readInput(listRequest, input, refuse)),
  };
}

const refuse = (member: string, reason: string): AwsError =>
  invalidValue(`The parameter ${member} is invalid: ${reason}`);

function getMetricData(store: MetricStore, request: DataRequest): object {
  checkRange(request);
  const results = request.MetricDataQueries.map((each) => {
    if (each.MetricStat === undefined) {
      throw new AwsError(
        'ValidationError',
        `The simulator has no metric math: query "${each.Id}" needs a MetricStat.`,
      );
    }
    const { Metric, Period, Stat } = each.MetricStat;
    const points = pointsOf(store, Metric, request, Period);
    const ordered = request.ScanBy === 'TimestampDescending' ? points.toReversed() : points;
    return {
      Id: each.Id,
      Label: each.Label ?? Metric.MetricName,
      Timestamps: ordered.map(({ at }) => new Date(at)),
      Values: ordered.map((point) => statistic(Stat, point)),
      StatusCode: 'Complete',
      shown: each.ReturnData,
    };
  });
  return {
    MetricDataResults: results.filter(({ shown }) => shown).map(({ shown: _, ...result }) => result),
    Messages: [],
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

function checkRange({ StartTime, EndTime }: Pick<DataRequest, 'StartTime' | 'EndTime'>): void {
  if (StartTime < EndTime) return;
  throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
}

function pointsOf(
  store: MetricStore,
  wanted: Metric,
  { StartTime, EndTime }: Pick<DataRequest, 'StartTime' | 'EndTime'>,
  seconds: number,
): readonly Datapoint[] {
  return seriesOf(store, wanted)?.between(StartTime, EndTime, seconds * SECOND) ?? [];
}

const seriesOf = (store: MetricStore, { Namespace, MetricName, Dimensions }: Metric): Series | undefined =>
  store.find(Namespace, MetricName, Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])));

function listMetrics(store: MetricStore, request: z.infer<typeof listRequest>): object {
  const start = Number(request.NextToken ?? 0);
  if (!Number.isInteger(start) || start < 0) throw refuse('NextToken', 'it was not answered by ListMetrics');
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
