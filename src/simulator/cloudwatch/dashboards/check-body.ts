import * as z from 'zod';

/** What is wrong with a body, and where. */
export interface BodyFault {
  /** Such as `/widgets/0/properties/metrics`. */
  readonly path: string;
  readonly message: string;
}

/** Limits of a body. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const MAX_WIDGETS = 500;
const MAX_VARIABLES = 25;
const COLUMNS = 24;
const MAX_HEIGHT = 1000;
/** Most metrics of a widget, and of a dashboard. */
const MAX_METRICS = 500;
const MAX_DASHBOARD_METRICS = 2500;
/** Most alarms of an alarm widget. */
const MAX_ALARMS = 100;
/** Most searches of a graph, and their length. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
const MAX_SEARCHES = 100;
const MAX_SEARCH_LENGTH = 1024;

const options = z.looseObject({
  id: z
    .string()
    .regex(/^[a-z]\w*$/)
    .optional(),
  expression: z.string().optional(),
  stat: z.string().optional(),
  period: z.number().int().positive().optional(),
  label: z.string().optional(),
});
const metricRow = z
  .array(z.union([z.string(), options]))
  .min(1)
  .refine(isMetricRow, 'a metric is a namespace, a name, pairs of dimensions and options, or an expression');
const axis = z.looseObject({ min: z.number().optional(), max: z.number().optional() });
const arn = z.string().startsWith('arn:');
const metricProperties = z
  .looseObject({
    metrics: z.array(metricRow).min(1).max(MAX_METRICS).optional(),
    region: z.string().min(1),
    view: z.enum(['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table']).default('timeSeries'),
    yAxis: z.looseObject({ left: axis.optional(), right: axis.optional() }).optional(),
    annotations: z.looseObject({ alarms: z.array(arn).max(1).optional() }).optional(),
  })
  .refine(
    ({ metrics, annotations }) => metrics !== undefined || annotations?.alarms?.length === 1,
    'metrics or one alarm is required',
  )
  .refine(
    ({ view, yAxis }) => view !== 'gauge' || (yAxis?.left?.min !== undefined && yAxis.left.max !== undefined),
    'a gauge needs yAxis.left.min and max',
  )
  .refine(
    ({ metrics = [] }) => searchesIn(metrics).length <= MAX_SEARCHES,
    `at most ${MAX_SEARCHES} searches`,
  )
  .refine(
    ({ metrics = [] }) => searchesIn(metrics).every(({ length }) => length <= MAX_SEARCH_LENGTH),
    `a search has at most ${MAX_SEARCH_LENGTH} characters`,
  )
  .refine(({ metrics = [] }) => hasDistinctIds(metrics), 'ids are used twice');

const place = {
  x: z
    .number()
    .int()
    .min(0)
    .max(COLUMNS - 1)
    .optional(),
  y: z.number().int().min(0).optional(),
  width: z.number().int().min(1).max(COLUMNS).default(6),
  height: z.number().int().min(1).max(MAX_HEIGHT).default(6),
};
const widget = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('metric'), ...place, properties: metricProperties }),
    z.object({ type: z.literal('text'), ...place, properties: z.looseObject({ markdown: z.string() }) }),
    z.object({
      type: z.literal('alarm'),
      ...place,
      properties: z.looseObject({ alarms: z.array(arn).min(1).max(MAX_ALARMS) }),
    }),
    z.object({ type: z.literal('custom'), ...place, properties: z.looseObject({ endpoint: arn }) }),
    z.object({
      type: z.literal('log'),
      ...place,
      properties: z.looseObject({ region: z.string(), query: z.string() }),
    }),
    z.object({ type: z.literal('explorer'), ...place, properties: z.looseObject({}) }),
  ])
  .refine(({ x, y }) => (x === undefined) === (y === undefined), 'x and y stand together')
  .refine(({ x = 0, width }) => x + width <= COLUMNS, 'the widget is wider than the dashboard');
const body = z
  .looseObject({
    start: z
      .string()
      .regex(/^(-P|\d{4}-)/)
      .optional(),
    end: z.string().optional(),
    periodOverride: z.enum(['auto', 'inherit']).optional(),
    widgets: z.array(widget).max(MAX_WIDGETS),
    variables: z.array(z.unknown()).max(MAX_VARIABLES).optional(),
  })
  .refine(
    ({ widgets }) => metricsIn(widgets) <= MAX_DASHBOARD_METRICS,
    `at most ${MAX_DASHBOARD_METRICS} metrics`,
  );

/** What is wrong with the text of a body; empty when CloudWatch would take it. */
export function bodyFaults(text: string): readonly BodyFault[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [{ path: '/', message: 'The dashboard body is not valid JSON.' }];
  }
  const outcome = body.safeParse(parsed);
  if (outcome.success) return [];
  return outcome.error.issues.map(({ path, message }) => ({ path: `/${path.join('/')}`, message }));
}

type Row = readonly (string | z.infer<typeof options>)[];

/** Strings in front, options at most once and last; with dimensions in pairs. */
function isMetricRow(row: Row): boolean {
  const names = row.filter((part) => typeof part === 'string');
  const last = row.at(-1);
  if (row.slice(0, -1).some((part) => typeof part !== 'string')) return false;
  if (names.length === 0) return typeof last === 'object' && last.expression !== undefined;
  return names.length >= 2 && names.length % 2 === 0;
}

const optionsOf = (rows: readonly Row[]) =>
  rows.flatMap((row) => row.filter((part) => typeof part !== 'string'));

const searchesIn = (rows: readonly Row[]): readonly string[] =>
  optionsOf(rows).flatMap(({ expression = '' }) =>
    [...expression.matchAll(/SEARCH\(\s*'([^']*)'/g)].map(([, terms = '']) => terms),
  );

function hasDistinctIds(rows: readonly Row[]): boolean {
  const ids = optionsOf(rows).flatMap(({ id }) => id ?? []);
  return new Set(ids).size === ids.length;
}

const metricsIn = (widgets: readonly z.infer<typeof widget>[]): number =>
  widgets.reduce(
    (sum, each) => sum + (each.type === 'metric' ? (each.properties.metrics?.length ?? 0) : 0),
    0,
  );
