import * as z from 'zod';
import type { Instant } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import {
  checkAmount,
  checkDimension,
  checkNamespace,
  checkSize,
  checkTime,
  MAX_DIMENSIONS,
} from './limits.ts';
import type { MetricStore, NewDatapoint } from './metric-store.ts';
import { statisticsOf, UNITS } from './statistics.ts';

/** Most metrics of one directive, and most values of one metric. */
const MAX_METRICS = 100;
/** Largest log event: 1 MB. */
const MAX_LINE_BYTES: number = 1024 * 1024;

/** The fate of a line of log output. */
export type EmfOutcome = 'stored' | 'not-emf' | 'rejected';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const directive = z.object({
  Namespace: z.string(),
  Dimensions: z.array(z.array(z.string())).default([[]]),
  Metrics: z.array(z.object({ Name: z.string().min(1).max(1024), Unit: z.enum(UNITS).default('None') })),
});
const line = z.looseObject({
  _aws: z.object({ Timestamp: z.number().int(), CloudWatchMetrics: z.array(directive) }),
});

type Line = z.infer<typeof line>;

/** Stores the metrics of a log line; a line with any fault in them is rejected whole. */
export function ingestEmbeddedMetrics(store: MetricStore, text: string, now: Instant): EmfOutcome {
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null || !('_aws' in parsed)) return 'not-emf';
  const checked = line.safeParse(parsed);
  if (!checked.success || Buffer.byteLength(text) > MAX_LINE_BYTES) return 'rejected';
  try {
    const points = datapoints(checked.data, now);
    for (const point of points) store.add(point);
    return 'stored';
  } catch (error) {
    if (error instanceof AwsError) return 'rejected';
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function datapoints({ _aws, ...members }: Line, now: Instant): readonly NewDatapoint[] {
  const at = checkTime(_aws.Timestamp, now, 'Timestamp');
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) => {
    checkNamespace(Namespace);
    checkSize(Metrics.length, MAX_METRICS, 'Metrics');
    return Dimensions.flatMap((names) => {
      const dimensions = dimensionsOf(names, members);
      return Metrics.filter(({ Name }) => Object.hasOwn(members, Name)).map(({ Name, Unit }) => ({
        namespace: Namespace,
        name: Name,
        dimensions,
        unit: Unit,
        at,
        values: statisticsOf(valuesOf(members[Name], Name)),
      }));
    });
  });
}

function dimensionsOf(
  names: readonly string[],
  members: Readonly<Record<string, unknown>>,
): Record<string, string> {
  checkSize(names.length, MAX_DIMENSIONS, 'Dimensions');
  const dimensions: Record<string, string> = {};
  for (const name of names) {
    const value = members[name];
    const text = typeof value === 'string' ? value : '';
    checkDimension(name, text, name);
    dimensions[name] = text;
  }
  return dimensions;
}

function valuesOf(member: unknown, name: string): readonly number[] {
  const values: readonly unknown[] = Array.isArray(member) ? member : [member];
  checkSize(values.length, MAX_METRICS, name);
  return values.map((value) => checkAmount(value, name));
}
