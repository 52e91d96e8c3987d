import type { Instant } from '../../calendar/instant.ts';
import { escapeHtml } from '../../monitor/domain/escape-html.ts';
import {
  type DashboardSource,
  DashboardSourceError,
  type LineRequest,
} from '../../monitor/ports/watch/dashboard-source.ts';
import type { DrawnLine } from './drawn-line.ts';
import { alarmsHtml, barsHtml, gaugeHtml, markdownHtml, numbersHtml, tableHtml } from './html-views.ts';
import type { ShownMetrics, ShownWidget } from './shown-body.ts';

/** The time that a dashboard shows. */
export interface Shown {
  readonly from: Instant;
  readonly to: Instant;
}

/** A widget as the page shows it. */
export interface DrawnWidget {
  readonly type: ShownWidget['type'];
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether there is nothing to see in it. */
  readonly isEmpty: boolean;
  readonly html: string | undefined;
  readonly chart: Chart | undefined;
}

/** Draws one widget; one that fails says so in its place and spoils no other. */
export async function drawWidget(
  source: DashboardSource,
  widget: ShownWidget,
  shown: Shown,
): Promise<DrawnWidget> {
  const { type, x, y, width, height } = widget;
  const title = 'title' in widget.properties ? String(widget.properties.title) : '';
  const drawn = await contentOf(source, widget, shown);
  return { type, title, x, y, width, height, isEmpty: false, html: undefined, chart: undefined, ...drawn };
}

type Content = Partial<Pick<DrawnWidget, 'html' | 'chart' | 'isEmpty'>>;

async function contentOf(source: DashboardSource, widget: ShownWidget, shown: Shown): Promise<Content> {
  try {
    switch (widget.type) {
      case 'text':
        return { html: markdownHtml(widget.properties.markdown) };
      case 'metric':
        return await metricsOf(source, widget.properties, shown);
      case 'alarm': {
        const alarms = await source.alarms(widget.properties.alarms);
        return { html: alarmsHtml(alarms), isEmpty: alarms.length === 0 };
      }
      case 'custom':
        return {
          html: customHtml(await source.widget(widget.properties.endpoint, widget.properties.params)),
        };
    }
  } catch (error) {
    if (error instanceof DashboardSourceError)
      return { html: `<p class="fault">${escapeHtml(error.message)}</p>` };
    throw error;
  }
}

async function metricsOf(source: DashboardSource, properties: ShownMetrics, shown: Shown): Promise<Content> {
  const lines = widgetLines(properties, shown);
  const series = await source.series({ lines: lines.map(({ request }) => request), ...shown });
  const drawn = series.map((each, index): DrawnLine => {
    const color = lines.find(({ request }) => request.id === each.id)?.color;
    return { ...each, color: color ?? lineColor(index) };
  });
  const isEmpty = drawn.every(({ points }) => points.length === 0);
  if (isEmpty) return { html: '<p class="nothing">No data in the time shown</p>', isEmpty };
  return view(drawn, properties, shown);
}

function view(lines: readonly DrawnLine[], properties: ShownMetrics, shown: Shown): Content {
  switch (properties.view) {
    case 'singleValue':
      return { html: numbersHtml(lines, properties) };
    case 'gauge':
      return { html: gaugeHtml(lines, properties) };
    case 'bar':
      return { html: barsHtml(lines) };
    case 'table':
      return { html: tableHtml(lines, properties) };
    default:
      return { chart: chartOf(lines, properties, shown) };
  }
}

/** Draws the answer of a function in a frame of its own, where no script runs. */
function customHtml(answer: unknown): string {
  if (typeof answer !== 'string') return `<pre>${escapeHtml(JSON.stringify(answer, null, 2) ?? '')}</pre>`;
  return `<iframe sandbox="${SANDBOX}" srcdoc="${escapeHtml(FRAME_STYLE + answer)}"></iframe>`;
}

/** No scripts and no forms; of the same origin, so that the page can measure the frame. */
const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

/** On a phone the cells of a table stand below each other. */
const FRAME_STYLE =
  '<style>body{font:12px/1.4 system-ui,sans-serif;margin:0}td,th{padding:4px 8px}pre{margin:4px 0;background:#f2f3f3;padding:4px;white-space:pre-wrap;overflow-wrap:anywhere}@media(max-width:600px){table,tbody,tr,td{display:block}th{display:none}tr{border-bottom:1px solid #ddd}td{padding:2px 0;overflow-wrap:anywhere}}</style>';

/** Colours of lines that name none; none of them is red. */
const COLORS = [
  '#1f77b4',
  '#2ca02c',
  '#8c5fbf',
  '#e07941',
  '#17a2b8',
  '#7f7f7f',
  '#9a8c2d',
  '#b5739d',
] as const;

/** The colour of the line at this place. */
const lineColor = (index: number): string => COLORS[index % COLORS.length] ?? COLORS[0];

/** A line of a widget, as it is asked for and as it is drawn. */
interface WidgetLine {
  readonly request: LineRequest;
  readonly color: string | undefined;
}

/** The lines of a widget; those without an id get one. */
export function widgetLines(
  properties: ShownMetrics,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): readonly WidgetLine[] {
  const whole = Math.max(60, Math.ceil((to - from) / 60_000) * 60);
  return properties.metrics.map((row, index) => {
    const names = row.filter((part) => typeof part === 'string');
    const options = row.find((part) => typeof part !== 'string');
    const common = {
      id: options?.id ?? `line${index}`,
      label: options?.label,
      visible: options?.visible ?? true,
      period: properties.setPeriodToTimeRange ? whole : (options?.period ?? properties.period),
    };
    if (options?.expression !== undefined) {
      return { request: { ...common, formula: options.expression }, color: options.color };
    }
    const [namespace = '', name = '', ...dimensions] = names;
    const statistic = options?.stat ?? properties.stat;
    const request = { ...common, namespace, name, dimensions: inPairs(dimensions), statistic };
    return { request, color: options?.color };
  });
}

function inPairs(names: readonly string[]): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (let index = 0; index + 1 < names.length; index += 2)
    pairs[names[index] ?? ''] = names[index + 1] ?? '';
  return pairs;
}

/** Lines over time as the page draws them. */
interface Chart {
  /** Epoch seconds, the same for all lines. */
  readonly times: readonly number[];
  readonly lines: readonly {
    readonly label: string;
    readonly color: string;
    readonly values: readonly (number | null)[];
  }[];
  /** The ends of the time that is shown, in epoch seconds. */
  readonly from: number;
  readonly to: number;
  /** Lower end of the axis; undefined leaves it to the values. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly hasLegend: boolean;
}

/** Lays lines over each other. */
function chartOf(
  lines: readonly DrawnLine[],
  { yAxis, legend }: ShownMetrics,
  { from, to }: { readonly from: number; readonly to: number },
): Chart {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  return {
    times: times.map((at) => at / 1000),
    lines: lines.map(({ label, color, points }) => {
      const byTime = new Map<number, number>(points.map(({ at, value }) => [at, value]));
      return { label, color, values: times.map((at) => byTime.get(at) ?? null) };
    }),
    from: from / 1000,
    to: to / 1000,
    min: yAxis?.left?.min,
    max: yAxis?.left?.max,
    hasLegend: legend?.position !== 'hidden',
  };
}
