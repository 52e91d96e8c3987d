import { escapeHtml } from '../../monitor/domain/escape-html.ts';
import type { Stage } from './stage.ts';

/** The page around a dashboard; what it shows comes as JSON. */
export function pageHtml({ dashboards, mails, refreshMs }: Stage, name: string): string {
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
