import * as z from 'zod';

/** Options of one line of a widget, and the data it is made of. */
interface ShownOptions {
  readonly [other: string]: unknown;
  readonly id?: string | undefined;
  readonly expression?: string | undefined;
  readonly label?: string | undefined;
  readonly stat?: string | undefined;
  readonly period?: number | undefined;
  readonly color?: string | undefined;
  readonly visible: boolean;
}

/** Options of a widget of metrics. */
export interface ShownMetrics {
  readonly [other: string]: unknown;
  readonly title: string;
  readonly view: string;
  /** Seconds. */
  readonly period: number;
  readonly stat: string;
  readonly metrics: readonly (readonly (string | ShownOptions)[])[];
  readonly setPeriodToTimeRange: boolean;
  readonly sparkline: boolean;
  readonly stacked: boolean;
  readonly legend?: { readonly position?: string | undefined } | undefined;
  readonly yAxis?: { readonly left?: ShownAxis | undefined } | undefined;
  readonly table?: { readonly summaryColumns: readonly string[] } | undefined;
}

interface ShownAxis {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A widget as far as it is drawn. */
export type ShownWidget = Place &
  (
    | { readonly type: 'text'; readonly properties: { readonly markdown: string } }
    | { readonly type: 'metric'; readonly properties: ShownMetrics }
    | {
        readonly type: 'alarm';
        readonly properties: { readonly title: string; readonly alarms: readonly string[] };
      }
    | {
        readonly type: 'custom';
        readonly properties: {
          readonly title: string;
          readonly endpoint: string;
          readonly params: Readonly<Record<string, unknown>>;
        };
      }
  );

/** A dashboard as far as it is drawn. */
export interface ShownBody {
  readonly start?: string | undefined;
  readonly widgets: readonly ShownWidget[];
}

/** Position and size of a widget on the grid. */
const place = {
  x: z.number().default(0),
  y: z.number().default(0),
  width: z.number().default(6),
  height: z.number().default(6),
};

const options = z.looseObject({
  id: z.string().optional(),
  expression: z.string().optional(),
  label: z.string().optional(),
  stat: z.string().optional(),
  period: z.number().optional(),
  color: z.string().optional(),
  visible: z.boolean().default(true),
});
const axis = z.looseObject({ min: z.number().optional(), max: z.number().optional() });
const metricProperties = z.looseObject({
  title: z.string().default(''),
  view: z.string().default('timeSeries'),
  period: z.number().default(300),
  stat: z.string().default('Average'),
  metrics: z.array(z.array(z.union([z.string(), options]))).default([]),
  setPeriodToTimeRange: z.boolean().default(false),
  sparkline: z.boolean().default(false),
  stacked: z.boolean().default(false),
  legend: z.looseObject({ position: z.string().optional() }).optional(),
  yAxis: z.looseObject({ left: axis.optional() }).optional(),
  table: z.looseObject({ summaryColumns: z.array(z.string()).default([]) }).optional(),
});
const widget = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), ...place, properties: z.looseObject({ markdown: z.string() }) }),
  z.object({ type: z.literal('metric'), ...place, properties: metricProperties }),
  z.object({
    type: z.literal('alarm'),
    ...place,
    properties: z.looseObject({ title: z.string().default(''), alarms: z.array(z.string()) }),
  }),
  z.object({
    type: z.literal('custom'),
    ...place,
    properties: z.looseObject({
      title: z.string().default(''),
      endpoint: z.string(),
      params: z.record(z.string(), z.unknown()).default({}),
    }),
  }),
]);
const body = z.looseObject({ start: z.string().optional(), widgets: z.array(widget) });

/** Reads the JSON text of a dashboard; undefined when there is anything in it that is not drawn here. */
export function readShownBody(text: string): ShownBody | undefined {
  try {
    return body.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
