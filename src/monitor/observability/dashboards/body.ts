/**
 * The body of a CloudWatch dashboard, as far as the dashboards here use it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export interface DashboardBody {
  /** Start of the time range, such as `-P7D`. */
  readonly start: string;
  readonly periodOverride: 'auto' | 'inherit';
  readonly widgets: readonly PlacedWidget[];
}

/** A widget and its place on the grid of 24 columns. */
export type PlacedWidget = Widget & {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** One widget without its place. */
export type Widget = TextWidget | MetricWidget | AlarmWidget | CustomWidget;

/** Markdown. */
export interface TextWidget {
  readonly type: 'text';
  readonly properties: { readonly markdown: string };
}

/** The states of alarms. */
export interface AlarmWidget {
  readonly type: 'alarm';
  readonly properties: { readonly title: string; readonly alarms: readonly string[] };
}

/** A widget that shows the answer of one of our functions. */
export interface CustomWidget {
  readonly type: 'custom';
  readonly properties: {
    readonly title: string;
    readonly endpoint: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly updateOn: { readonly refresh: boolean; readonly resize: boolean; readonly timeRange: boolean };
  };
}

/** Metrics, drawn in one of several views. */
export interface MetricWidget {
  readonly type: 'metric';
  readonly properties: MetricProperties;
}

/** The data and appearance of a widget of metrics. */
export interface MetricProperties {
  readonly title: string;
  readonly view: 'timeSeries' | 'singleValue' | 'gauge' | 'bar' | 'table';
  readonly region: string;
  /** Seconds. */
  readonly period: number;
  readonly metrics: readonly MetricRow[];
  readonly stacked?: boolean;
  /** Whether one value stands for the whole time the dashboard shows. */
  readonly setPeriodToTimeRange?: boolean;
  readonly sparkline?: boolean;
  readonly yAxis?: { readonly left: Axis };
  readonly legend?: { readonly position: 'bottom' | 'hidden' };
  readonly table?: { readonly summaryColumns: readonly string[]; readonly showTimeSeriesData: boolean };
}

/** An axis; without a unit unless `showUnits`. */
interface Axis {
  readonly min?: number;
  readonly max?: number;
  readonly showUnits?: boolean;
}

/** Namespace, name, names and values of dimensions, and how to draw it; or only a formula. */
export type MetricRow =
  | readonly [...string[], MetricOptions]
  | readonly [MetricOptions & { readonly expression: string }];

/** The appearance of one metric or formula. */
export interface MetricOptions {
  readonly expression?: string;
  readonly id?: string;
  readonly label?: string;
  readonly stat?: string;
  readonly color?: string;
  readonly visible?: boolean;
}
