import * as z from 'zod';
import { type Instant, instant, SECOND } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { readInput } from '../../call/input.ts';
import type { Operation } from '../../call/service.ts';
import { invalidFormula } from '../math/invalid-formula.ts';
import { seriesIn, type TimeSeries } from '../math/value.ts';
import { refuseParameter } from './limits.ts';
import type { MetricQuery, TimeRange } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import { QueryRun } from './query-run.ts';
import { STATISTICS } from './statistics.ts';

const metric = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
});

/** A point in time on the wire. */
export const epochSeconds: z.ZodType<Instant> = z.number().transform((seconds) => instant(seconds * SECOND));

/** One member of MetricDataQueries, of GetMetricData and of alarms alike. */
export const queryShape: z.ZodType<MetricQuery> = z.object({
  Id: z.string().regex(/^[a-z]\w{0,254}$/),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
  Period: z.number().int().min(1).optional(),
  MetricStat: z
    .object({ Metric: metric, Period: z.number().int().min(1), Stat: z.enum(STATISTICS) })
    .optional(),
  Expression: z.string().min(1).max(2048).optional(),
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const dataRequest = z.object({
  MetricDataQueries: z.array(queryShape).min(1).max(500),
  StartTime: epochSeconds,
  EndTime: epochSeconds,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
});

/** GetMetricData; all datapoints come at once. */
export const getMetricData =
  (store: MetricStore): Operation =>
  (input) => {
    const request = readInput(dataRequest, input, refuseParameter);
    checkRange(request);
    const run = new QueryRun(store, request.MetricDataQueries, request);
    const results = request.MetricDataQueries.filter(({ ReturnData }) => ReturnData).flatMap((query) => {
      const value = run.value(query.Id, query.Id);
      if (value.kind === 'scalar') throw invalidFormula(query.Expression ?? '', 'it is not a time series');
      return seriesIn(value).map((series) => result(query, series, request.ScanBy));
    });
    return { MetricDataResults: results, Messages: [] };
  };

/** Fails unless the time that is asked for begins before it ends. */
export function checkRange({ StartTime, EndTime }: TimeRange): void {
  if (StartTime < EndTime) return;
  throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
}

function result({ Id, Label }: MetricQuery, series: TimeSeries, scanBy: string): object {
  const points = [...series.points];
  const ordered = scanBy === 'TimestampDescending' ? points.toReversed() : points;
  return {
    Id,
    Label: Label === undefined || Label === '' ? series.label || Id : dynamicLabel(Label, series),
    Timestamps: ordered.map(([at]) => new Date(at)),
    Values: ordered.map(([, value]) => value),
    StatusCode: 'Complete',
  };
}

/**
 * The label of a series as a query names it: `${LABEL}` and `${PROP('…')}` are filled in.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
 */
const dynamicLabel = (label: string, series: TimeSeries): string =>
  label.replaceAll(/\$\{(?:PROP\('([^']+)'\)|LABEL)\}/g, (whole, property?: string) =>
    property === undefined ? series.label : (series.properties[property] ?? whole),
  );
