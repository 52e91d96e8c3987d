import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../calendar/instant.ts';
import { escapeHtml } from '../../monitor/domain/escape-html.ts';
import { type DashboardSource, DashboardSourceError } from '../../monitor/ports/watch/dashboard-source.ts';
import { type DrawnWidget, drawWidget } from './draw-widget.ts';
import { inboxHtml } from './inbox-html.ts';
import { readShownBody } from './shown-body.ts';
import type { Stage } from './stage.ts';

/** A dashboard as the page shows it. */
interface DrawnDashboard {
  readonly name: string;
  readonly widgets: readonly DrawnWidget[];
  /** The reason why there is nothing to show; undefined when there is something. */
  readonly fault: string | undefined;
}

/** Draws the dashboard of this name with what it shows at `now`. */
export async function drawDashboard(
  source: DashboardSource,
  name: string,
  now: Instant,
): Promise<DrawnDashboard> {
  const fault = (text: string): DrawnDashboard => ({ name, widgets: [], fault: text });
  try {
    const text = await source.body(name);
    if (text === undefined) return fault(`There is no dashboard "${name}" here: deploy it first.`);
    const body = readShownBody(text);
    if (body === undefined) return fault(`The dashboard "${name}" has widgets that cannot be drawn here.`);
    const shown = timeRange(body.start, now);
    const widgets = await Promise.all(body.widgets.map((widget) => drawWidget(source, widget, shown)));
    return { name, widgets, fault: undefined };
  } catch (error) {
    if (error instanceof DashboardSourceError) return fault(error.message);
    throw error;
  }
}

/** The span of a dashboard that names none: three hours, as in the console. */
const USUAL_MS: number = 3 * HOUR;

/** The time that a dashboard shows until `now`, from its `start` such as `-P7D`. */
export function timeRange(
  start: string | undefined,
  now: Instant,
): { readonly from: Instant; readonly to: Instant } {
  const [, days, hours, minutes] = /^-P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(start ?? '') ?? [];
  const ms = Number(days ?? 0) * DAY + Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE;
  return { from: later(now, -(ms === 0 ? USUAL_MS : ms)), to: now };
}

/** A preview that browsers can open. */
export interface RunningPreview {
  /** Such as `http://127.0.0.1:4600`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a stage on this machine only; port 0 takes any free one. */
export function servePreview(stage: Stage, port: number): Promise<RunningPreview> {
  const app = previewApp(stage);
  const server = createServer((request, response) => void send(response, app(request.url ?? '/')));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      }),
    );
  });
}

async function send(response: ServerResponse, answered: Promise<Response>): Promise<void> {
  try {
    const answer = await answered;
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(String(error));
  }
}

/** The page around a dashboard; what it shows comes as JSON. */
function pageHtml({ dashboards, mails, refreshMs }: Stage, name: string): string {
  const tabs = dashboards
    .map(
      (each) =>
        `<a href="/dashboards/${each}"${each === name ? ' class="here"' : ''}>${escapeHtml(each)}</a>`,
    )
    .join('');
  const inbox = mails === undefined ? '' : '<aside><h2>Inbox</h2><div id="inbox"></div></aside>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(name)}</title>
<link rel="stylesheet" href="/assets/uplot.css">
<link rel="stylesheet" href="/assets/preview.css">
<script src="/assets/uplot.js" defer></script>
<script src="/assets/preview.js" defer></script>
</head>
<body data-dashboard="${escapeHtml(name)}" data-refresh="${refreshMs}">
<header><nav>${tabs}</nav><span id="status"></span></header>
<main><section id="dashboard"></section>${inbox}</main>
</body>
</html>
`;
}

const require = createRequire(import.meta.url);

/** Files that the page loads, each from an installed package: none comes over the network. */
const ASSETS: ReadonlyMap<string, readonly [file: string, type: string]> = new Map([
  ['uplot.js', ['uplot/dist/uPlot.iife.min.js', 'text/javascript']],
  ['uplot.css', ['uplot/dist/uPlot.min.css', 'text/css']],
  ['preview.js', [ownFile('preview.js'), 'text/javascript']],
  ['preview.css', [ownFile('preview.css'), 'text/css']],
]);

/** A file of this package that is served as it is. */
function ownFile(name: string): string {
  return join(dirname(require.resolve('secret-rotation-monitor/package.json')), 'dashboards/preview', name);
}

/** Nothing is loaded from elsewhere; styles stand in the widgets themselves. Nothing is kept. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; frame-src 'self'",
  'cache-control': 'no-store',
};

const answer = (body: string, type: string, status = 200): Response =>
  new Response(body, { status, headers: { ...HEADERS, 'content-type': `${type}; charset=utf-8` } });

/** Answers the address of a page of the stage, of the JSON that it shows, or of a file that it loads. */
export function previewApp(stage: Stage): (address: string) => Promise<Response> {
  const [first = ''] = stage.dashboards;
  return async (address) => {
    const [path = ''] = address.split('?');
    if (path === '/')
      return new Response(null, { status: 302, headers: { ...HEADERS, location: `/dashboards/${first}` } });
    const [, kind, name = ''] = /^\/(dashboards|api\/dashboards|assets)\/([\w.-]+)$/.exec(path) ?? [];
    if (kind === 'dashboards') return answer(pageHtml(stage, name), 'text/html');
    if (kind === 'api/dashboards')
      return answer(JSON.stringify(await shownBy(stage, name)), 'application/json');
    const [file, type] = (kind === 'assets' && ASSETS.get(name)) || [];
    if (file === undefined || type === undefined) return answer('404 Not Found', 'text/plain', 404);
    return answer(await readFile(require.resolve(file), 'utf8'), type);
  };
}

const shownBy = async (stage: Stage, name: string): Promise<object> => ({
  ...(await drawDashboard(stage.source, name, stage.now())),
  status: stage.status(),
  inbox: stage.mails === undefined ? '' : inboxHtml(stage.mails()),
});
