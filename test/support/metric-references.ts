import * as z from 'zod';
import type {
  DashboardBody,
  MetricOptions,
  MetricRow,
} from '../../src/monitor/observability/dashboards/body.ts';

/** A metric that a dashboard or an alarm names: by the values of its dimensions, or, in a search, by their names. */
export interface MetricNamed {
  readonly where: string;
  readonly namespace: string;
  readonly name: string;
  /** Sorted. */
  readonly dimensions: readonly string[];
  /** Undefined for a search. */
  readonly values: Readonly<Record<string, string>> | undefined;
}

/** Every metric that a dashboard names, hidden lines and searches included. */
export const namedInDashboard = (dashboard: string, { widgets }: DashboardBody): readonly MetricNamed[] =>
  widgets.flatMap((widget) =>
    widget.type === 'metric'
      ? widget.properties.metrics.flatMap((row) =>
          namedInRow(`${dashboard}: ${widget.properties.title}`, row),
        )
      : [],
  );

const apiMetric = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
});
const apiAlarm = z.object({
  AlarmName: z.string(),
  Metrics: z.array(z.object({ MetricStat: z.object({ Metric: apiMetric }).optional() })).optional(),
});

/** Every metric that an alarm looks at which stands as PutMetricAlarm takes it. */
export function namedInAlarmInput(input: Readonly<Record<string, unknown>>): readonly MetricNamed[] {
  const { AlarmName, Metrics } = apiAlarm.parse(input);
  const metrics =
    Metrics === undefined
      ? [apiMetric.parse(input)]
      : Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
  return metrics.map(({ Namespace, MetricName, Dimensions }) =>
    exact(`alarm ${AlarmName}`, [
      Namespace,
      MetricName,
      ...Dimensions.flatMap(({ Name, Value }) => [Name, Value]),
    ]),
  );
}

function namedInRow(where: string, row: MetricRow): readonly MetricNamed[] {
  const parts: readonly (string | MetricOptions)[] = row;
  const names = parts.filter((part) => typeof part === 'string');
  if (names.length > 0) return [exact(where, names)];
  const [options] = row;
  const expression = typeof options === 'object' ? (options.expression ?? '') : '';
  return [...expression.matchAll(/SEARCH\('\{([^}]+)\}[^']*?MetricName="(\w+)"/g)].map(
    ([, schema = '', name = '']) => {
      const [namespace = '', ...dimensions] = schema.split(',');
      return { where, namespace, name, dimensions: dimensions.sort(), values: undefined };
    },
  );
}

function exact(where: string, [namespace = '', name = '', ...rest]: readonly string[]): MetricNamed {
  const pairs = Array.from(
    { length: rest.length / 2 },
    (_, index) => [rest[2 * index] ?? '', rest[2 * index + 1] ?? ''] as const,
  );
  return {
    where,
    namespace,
    name,
    dimensions: pairs.map(([key]) => key).sort(),
    values: Object.fromEntries(pairs),
  };
}
