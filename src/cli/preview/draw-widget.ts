import type { Instant } from '../../calendar/instant.ts';
import { escapeHtml } from '../../monitor/domain/escape-html.ts';
import { type DashboardSource, DashboardSourceError } from '../../monitor/ports/watch/dashboard-source.ts';
import { type Chart, chartOf } from './chart.ts';
import type { DrawnLine } from './drawn-line.ts';
import { alarmsHtml, barsHtml, gaugeHtml, numbersHtml, tableHtml } from './html-views.ts';
import { lineColor } from './line-color.ts';
import { markdownHtml } from './markdown.ts';
import type { ShownMetrics, ShownWidget } from './shown-body.ts';
import { widgetLines } from './widget-lines.ts';

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

/** What a function answers stands in a frame of its own, where nothing runs. */
function customHtml(answer: unknown): string {
  if (typeof answer !== 'string') return `<pre>${escapeHtml(JSON.stringify(answer, null, 2) ?? '')}</pre>`;
  const style =
    '<style>body{font:12px/1.4 system-ui,sans-serif;margin:0}td,th{padding:4px 8px}pre{margin:4px 0;background:#f2f3f3;padding:4px}</style>';
  return `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(style + answer)}"></iframe>`;
}
