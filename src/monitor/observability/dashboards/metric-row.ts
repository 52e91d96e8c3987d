import type { MetricReference } from '../metric-reference.ts';
import type { MetricOptions, MetricRow } from './body.ts';

/** A metric as a line of a widget. */
export const line = (metric: MetricReference, options: MetricOptions): MetricRow => [
  metric.namespace,
  metric.name,
  ...Object.entries(metric.dimensions).flat(),
  { stat: metric.statistic, ...options },
];

/** A metric that other lines count with and that is not drawn itself. */
export const hidden = (metric: MetricReference, id: string): MetricRow =>
  line(metric, { id, visible: false });

/** A formula over other lines. */
export const formula = (expression: string, options: MetricOptions): MetricRow => [
  { expression, ...options },
];

/** A metric that is not published while nothing happens, drawn as 0 then: a hidden line and a formula. */
export const countOf = (
  metric: MetricReference,
  { id, ...options }: MetricOptions & { readonly id: string },
): readonly MetricRow[] => [hidden(metric, `${id}Raw`), formula(`FILL(${id}Raw, 0)`, { id, ...options })];

/** A label that is the value of a dimension. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html */
export const dimensionValue = (dimension: string): string => `\${PROP('Dim.${dimension}')}`;
