import { alarmArn } from '../alarms/alarm-input.ts';
import type { Watched } from '../watched.ts';
import type {
  AlarmWidget,
  CustomWidget,
  MetricProperties,
  MetricRow,
  MetricWidget,
  TextWidget,
} from './body.ts';

/** The contents of a widget of metrics; its view and its place are decided elsewhere. */
type Shown = Pick<MetricProperties, 'title' | 'metrics'> & Partial<MetricProperties>;

/** Markdown. */
export const text = (...lines: readonly string[]): TextWidget => ({
  type: 'text',
  properties: { markdown: lines.join('\n') },
});

const metricWidget = ({ region }: Watched, view: MetricProperties['view'], shown: Shown): MetricWidget => ({
  type: 'metric',
  properties: { view, region, period: 300, ...shown },
});

/** Lines over time, from 0 on. */
export const graph = (watched: Watched, { yAxis, ...shown }: Shown): MetricWidget =>
  metricWidget(watched, 'timeSeries', {
    stacked: false,
    legend: { position: 'bottom' },
    yAxis: { left: { min: 0, showUnits: false, ...yAxis?.left } },
    ...shown,
  });

/** The last values as numbers. */
export const numbers = (watched: Watched, shown: Shown): MetricWidget =>
  metricWidget(watched, 'singleValue', shown);

/** A share of the whole in percent. */
export const gauge = (watched: Watched, shown: Shown): MetricWidget =>
  metricWidget(watched, 'gauge', { yAxis: { left: { min: 0, max: 100, showUnits: false } }, ...shown });

/** Bars, one for each series, over the whole time shown. */
export const bars = (watched: Watched, shown: Shown): MetricWidget =>
  metricWidget(watched, 'bar', { setPeriodToTimeRange: true, legend: { position: 'hidden' }, ...shown });

/** A table with a row for each series. */
export const table = (
  watched: Watched,
  { columns, ...shown }: Shown & { readonly columns: readonly string[] },
): MetricWidget =>
  metricWidget(watched, 'table', { table: { summaryColumns: columns, showTimeSeriesData: false }, ...shown });

/** The states of alarms, by their keys. */
export const alarmStates = (watched: Watched, title: string, keys: readonly string[]): AlarmWidget => ({
  type: 'alarm',
  properties: { title, alarms: keys.map((key) => alarmArn(watched, key)) },
});

/** The open alerts, as the function of the widget shows them; undefined where there is no such function. */
export const openAlerts = ({ widgetFunctionArn: endpoint }: Watched): CustomWidget | undefined =>
  endpoint === undefined
    ? undefined
    : {
        type: 'custom',
        properties: {
          title: 'Open alerts, gravest first',
          endpoint,
          params: {},
          updateOn: { refresh: true, resize: false, timeRange: false },
        },
      };

/** Rows of several metrics one after the other. */
export const together = (...rows: readonly (readonly MetricRow[])[]): readonly MetricRow[] => rows.flat();
