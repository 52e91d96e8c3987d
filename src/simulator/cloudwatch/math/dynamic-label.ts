import type { TimeSeries } from './value.ts';

/**
 * The label of a series as a query names it: `${LABEL}` and `${PROP('…')}` are filled in.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
 */
export const dynamicLabel = (label: string, series: TimeSeries): string =>
  label.replaceAll(/\$\{(?:PROP\('([^']+)'\)|LABEL)\}/g, (whole, property?: string) =>
    property === undefined ? series.label : (series.properties[property] ?? whole),
  );
