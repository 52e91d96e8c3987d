import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { drawDashboard } from './draw-dashboard.ts';
import { inboxHtml } from './inbox-html.ts';
import { pageHtml } from './page-html.ts';
import type { Stage } from './stage.ts';

const require = createRequire(import.meta.url);

/** Files that the page loads, each from an installed package: none comes over the network. */
const ASSETS: Readonly<Record<string, readonly [file: string, type: string]>> = {
  'uplot.js': ['uplot/dist/uPlot.iife.min.js', 'text/javascript'],
  'uplot.css': ['uplot/dist/uPlot.min.css', 'text/css'],
  'preview.js': [ownFile('preview.js'), 'text/javascript'],
  'preview.css': [ownFile('preview.css'), 'text/css'],
};

/** A file of this package that is served as it is. */
function ownFile(name: string): string {
  return join(dirname(require.resolve('secret-rotation-monitor/package.json')), 'dashboards/preview', name);
}

/** Nothing is loaded from elsewhere; styles stand in the widgets themselves. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; frame-src 'self'";

/** Serves the pages of a stage and the JSON they show. */
export function previewApp(stage: Stage): Hono {
  const app = new Hono();
  const [first = ''] = stage.dashboards;
  app.use(async (context, next) => {
    await next();
    context.header('content-security-policy', CONTENT_SECURITY_POLICY);
    context.header('cache-control', 'no-store');
  });
  app.get('/', (context) => context.redirect(`/dashboards/${first}`));
  app.get('/dashboards/:name{[\\w-]+}', (context) =>
    context.html(pageHtml(stage, context.req.param('name'))),
  );
  app.get('/api/dashboards/:name{[\\w-]+}', async (context) =>
    context.json({
      ...(await drawDashboard(stage.source, context.req.param('name'), stage.now())),
      status: stage.status(),
      inbox: stage.mails === undefined ? '' : inboxHtml(stage.mails()),
    }),
  );
  app.get('/assets/:file', async (context) => {
    const [path, type] = ASSETS[context.req.param('file')] ?? [];
    if (path === undefined || type === undefined) return context.notFound();
    const text = await readFile(require.resolve(path), 'utf8');
    return context.body(text, 200, { 'content-type': `${type}; charset=utf-8` });
  });
  return app;
}
