import * as z from 'zod';
import type { Instant } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { readInput } from '../../call/input.ts';
import type { Home, Operation } from '../../call/service.ts';
import { refuseParameter } from '../metrics/limits.ts';

/** A dashboard as it was put. */
interface Dashboard {
  readonly name: string;
  readonly body: string;
  readonly modifiedAt: Instant;
}

/** The dashboards of the account, by name. */
export type Dashboards = Map<string, Dashboard>;

const putting = z.object({
  DashboardName: z.string().regex(/^[\w-]{1,255}$/, 'Names have letters, digits, hyphens and underscores'),
  DashboardBody: z.string(),
});
const naming = z.object({ DashboardName: z.string() });
const listing = z.object({ DashboardNamePrefix: z.string().default('') });
const deleting = z.object({ DashboardNames: z.array(z.string()).min(1) });

/** The operations on dashboards. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
export function dashboardOperations(dashboards: Dashboards): Record<string, Operation> {
  return {
    PutDashboard: (input, { now }) => {
      const { DashboardName: name, DashboardBody: body } = readInput(putting, input, refuseParameter);
      const faults = bodyFaults(body);
      if (faults.length > 0) {
        const said = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
        throw new AwsError('DashboardInvalidInputError', `The dashboard body is invalid: ${said}`);
      }
      dashboards.set(name, { name, body, modifiedAt: now });
      return { DashboardValidationMessages: [] };
    },
    GetDashboard: (input, call) => {
      const { name, body } = found(dashboards, readInput(naming, input, refuseParameter).DashboardName);
      return { DashboardArn: arnOf(name, call), DashboardBody: body, DashboardName: name };
    },
    ListDashboards: (input, call) => {
      const { DashboardNamePrefix } = readInput(listing, input, refuseParameter);
      const listed = [...dashboards.values()].filter(({ name }) => name.startsWith(DashboardNamePrefix));
      return { DashboardEntries: listed.map((dashboard) => entry(dashboard, call)) };
    },
    DeleteDashboards: (input) => {
      const { DashboardNames } = readInput(deleting, input, refuseParameter);
      for (const name of DashboardNames) found(dashboards, name);
      for (const name of DashboardNames) dashboards.delete(name);
    },
  };
}

function found(dashboards: Dashboards, name: string): Dashboard {
  const dashboard = dashboards.get(name);
  if (dashboard !== undefined) return dashboard;
  throw new AwsError('DashboardNotFoundError', `Dashboard ${name} does not exist`, 404);
}

const entry = ({ name, body, modifiedAt }: Dashboard, home: Home): object => ({
  DashboardArn: arnOf(name, home),
  DashboardName: name,
  LastModified: new Date(modifiedAt),
  Size: Buffer.byteLength(body),
});

/** Dashboards belong to no region. */
const arnOf = (name: string, { account }: Home): string => `arn:aws:cloudwatch::${account}:dashboard/${name}`;

/** A fault of a dashboard body, with its path. */
interface BodyFault {
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

/** Returns the faults of a body's text; empty when CloudWatch would accept it. */
function bodyFaults(text: string): readonly BodyFault[] {
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
