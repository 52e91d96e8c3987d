import { plural } from '../../../calendar/plural.ts';
import { escapeHtml } from '../escape-html.ts';
import type { AuditSummary, Provenance } from '../report/audit-report.ts';
import { count, dayOf, minuteOf, table } from './html-parts.ts';
import { secretHtml } from './html-secret.ts';
import {
  controlsHtml,
  coverageHtml,
  expiringHtml,
  populationHtml,
  provenanceHtml,
  tilesHtml,
} from './html-summary.ts';
import type { ReportWriter } from './report-writer.ts';
import { WorstSecrets } from './worst-secrets.ts';

/** A page of its own without scripts or anything from elsewhere: the sums first, then the worst secrets one by one. */
export const htmlReport = (): ReportWriter => {
  const worst = new WorstSecrets();
  let provenance: Provenance | undefined;
  return {
    begin: (given) => {
      provenance = given;
      return headHtml(given);
    },
    secret: (secret) => {
      const period = provenance?.period;
      const isSampled = provenance?.sample !== undefined;
      if (period !== undefined) worst.add(secret, (each) => secretHtml(each, period, isSampled));
      return '';
    },
    end: (summary) => (provenance === undefined ? '' : bodyHtml(provenance, summary, worst)),
  };
};

const titleOf = ({ period }: Provenance): string =>
  `Secret rotation audit ${period.label ?? `${dayOf(period.from)} to ${dayOf(period.to)}`}`;

const headHtml = (provenance: Provenance): string => {
  const { period, readAt, identity, version } = provenance;
  const title = escapeHtml(titleOf(provenance));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="soft">${minuteOf(period.from)} to ${minuteOf(period.to)} UTC, read ${minuteOf(readAt)} UTC by ${escapeHtml(identity)}, version ${escapeHtml(version)}. ${historyText(provenance)}</p>
<p class="scope">Each verdict is about one secret. None is about the organization: whether a standard is met as a whole is for its assessor to decide.</p>
<nav aria-label="Parts of this report"><a href="#controls">Controls</a><a href="#trend">Trend</a><a href="#population">Population</a><a href="#coverage">Coverage</a><a href="#exceptions">Exceptions</a><a href="#secrets">Secrets</a><a href="#provenance">Provenance</a></nav>
</header>
<main>
`;
};

const historyText = ({ historySince }: Provenance): string =>
  historySince === undefined
    ? 'No monitor has kept a history.'
    : `History is known since ${minuteOf(historySince)} UTC.`;

const bodyHtml = (
  provenance: Provenance,
  summary: AuditSummary,
  worst: WorstSecrets,
): string => `${tilesHtml(summary)}
<section id="controls"><h2>Controls</h2>${controlsHtml(summary)}</section>
<section id="trend"><h2>Trend</h2>${trendHtml(summary)}</section>
<section id="population"><h2>Population</h2>${populationHtml(summary)}</section>
<section id="coverage"><h2>Coverage</h2>${coverageHtml(summary)}</section>
<section id="exceptions"><h2>Exceptions</h2>${expiringHtml(summary)}</section>
<section id="secrets"><h2>Secrets, worst first</h2>
<p class="soft">${secretsNote(worst, provenance)} On each timeline a bar is a completed rotation, a cross a failure, a diamond another change.</p>
${worst.drawn.join('')}</section>
<section id="provenance"><h2>Provenance</h2>${provenanceHtml(provenance, summary)}</section>
</main>
</body>
</html>
`;

const secretsNote = ({ seen, drawn }: WorstSecrets, { sample }: Provenance): string => {
  if (sample !== undefined && seen === drawn.length)
    return `The ${plural(seen, 'secret')} of the sample with the seed ${escapeHtml(sample.seed)}, each with its full timeline; the sums above are about all.`;
  return seen > drawn.length
    ? `The worst ${count(drawn.length)} of ${count(seen)}; the CSV report has all.`
    : `All ${count(seen)}.`;
};

/** The style of HTML reports: light or dark as the reader's system, always light on paper. */
const STYLE = `
:root{color-scheme:light dark;--page:#fff;--ink:#1c2430;--soft:#56606e;--line:#d9dee5;--panel:#f5f7fa;--ok:#1a7f37;--alarm:#b42318;--error:#9a4a00;--info:#1f5fbf;--skip:#5b6675}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--ink:#e7ebf0;--soft:#a3adba;--line:#333c48;--panel:#1a2028;--ok:#5bc27a;--alarm:#ff8a80;--error:#f5b35c;--info:#82b4ff;--skip:#a3adba}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:32px 24px 64px;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:28px;line-height:1.2;margin:0 0 4px}h2{font-size:20px;margin:40px 0 12px;padding-top:12px;border-top:1px solid var(--line)}h3{font-size:16px;margin:0;overflow-wrap:anywhere}
p{margin:6px 0;max-width:76ch}.soft,caption,figcaption,dt{color:var(--soft)}.scope{background:var(--panel);border-left:4px solid var(--info);padding:10px 14px;margin:16px 0;max-width:none}
nav a{margin-right:16px}a{color:var(--info)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:12px;margin:20px 0}
.tile{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 12px}.tile b{display:block;font-size:26px;line-height:1.2}.tile span{color:var(--soft);font-size:13px}
table{border-collapse:collapse;width:100%;margin:8px 0 16px;font-size:14px}caption{text-align:left;padding:4px 0;font-size:13px}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere;min-width:12ch}th{font-weight:600;white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;min-width:0}td:last-child:nth-child(2):not(.n){min-width:32ch}#controls td:first-child{min-width:34ch}.keep{white-space:nowrap}
.bar{width:160px;height:12px;display:block}.scroll{overflow-x:auto}
.ok{color:var(--ok)}.alarm{color:var(--alarm)}.error{color:var(--error)}.info{color:var(--info)}.skip{color:var(--skip)}
svg .ok{fill:var(--ok)}svg .alarm{fill:var(--alarm)}svg .error{fill:var(--error)}svg .info{fill:var(--info)}svg .skip{fill:var(--skip)}
svg text{fill:var(--soft);font:11px system-ui,sans-serif}svg .axis{stroke:var(--line);stroke-width:1}svg .cross{stroke:var(--alarm);stroke-width:2;fill:none}
.word{display:inline-block;min-width:3.6em;padding:0 8px;border:1px solid currentColor;border-radius:10px;font-size:12px;font-weight:600;text-align:center}
figure{margin:8px 0 16px}figure svg{display:block;width:100%;height:auto}
article{border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin:12px 0}
article dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:4px 16px;margin:8px 0}article dt{font-size:12px}article dd{margin:0}
ul{padding-left:20px;margin:6px 0}.verdicts{list-style:none;padding:0}.verdicts li{margin:5px 0}code{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
@media print{:root{color-scheme:light;--page:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#f5f5f5;--ok:#1a7f37;--alarm:#b42318;--error:#9a4a00;--info:#1f5fbf;--skip:#5b6675}body{max-width:none;padding:0;font-size:10px;line-height:1.4}h1{font-size:22px}h2{font-size:16px;margin:20px 0 6px;padding-top:8px}h3{font-size:12px}h2,h2+p,caption,thead,.head{break-after:avoid}table,caption{font-size:9px}th,td{padding:3px 6px}tr,figure,dl,li,.tile,.head,p{break-inside:avoid}article ul{break-before:avoid}#provenance{break-before:page}.bar{width:80px;height:8px}figure{margin:4px 0 8px}.scroll{overflow:visible}article{padding:8px 10px;margin:8px 0;box-decoration-break:clone;-webkit-box-decoration-break:clone}article dl{grid-template-columns:repeat(6,1fr);gap:2px 8px;margin:4px 0}.verdicts li{margin:2px 0}code{font-size:9px}article dt,.word{font-size:8px}thead{display:table-header-group}nav{display:none}.tiles{grid-template-columns:repeat(5,1fr);gap:6px;margin:10px 0}.tile{padding:5px 8px}.tile b{font-size:18px}.tile span{font-size:9px}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}@page{margin:15mm;@bottom-right{content:counter(page) ' of ' counter(pages);font:8px system-ui,sans-serif}}}
`;

const WIDTH = 1040;
const HEIGHT = 200;
const BASE = 168;
const TOP = 24;

/** Completed rotations and failures month by month as bars, with the same numbers in a table below. */
function trendHtml({ trend }: AuditSummary): string {
  if (trend.length === 0) return '<p>No history shows rotations of the period.</p>';
  const most = Math.max(1, ...trend.flatMap(({ completed, failures }) => [completed, failures]));
  const step = (WIDTH - 20) / trend.length;
  const bar = Math.min(60, step * 0.34);
  const groups = trend.map(({ from, completed, failures }, index) => {
    const middle = 10 + step * (index + 0.5);
    const name = escapeHtml(dayOf(from).slice(0, 7));
    return [
      column(middle - bar - 1, bar, { value: completed, most, mark: 'ok' }),
      column(middle + 1, bar, { value: failures, most, mark: 'alarm' }),
      `<text x="${middle.toFixed(1)}" y="${BASE + 18}" text-anchor="middle">${name}</text>`,
    ].join('');
  });
  const rows = trend.map(({ from, completed, failures }) => [dayOf(from), completed, failures]);
  return `<figure><figcaption><span class="ok">■</span> completed rotations (left bar) <span class="alarm">■</span> failures (right bar), by month</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Completed rotations and failures by month; the table below has the numbers"><line class="axis" x1="10" x2="${WIDTH - 10}" y1="${BASE}" y2="${BASE}"/>${groups.join('')}</svg></figure>${table('Trend', ['Month from', 'Completed rotations', 'Failures'], rows)}`;
}

interface Column {
  readonly value: number;
  readonly most: number;
  readonly mark: 'ok' | 'alarm';
}

function column(x: number, width: number, { value, most, mark }: Column): string {
  const height = ((BASE - TOP) * value) / most;
  const y = BASE - height;
  return `<rect class="${mark}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"/><text x="${(x + width / 2).toFixed(1)}" y="${(y - 5).toFixed(1)}" text-anchor="middle">${count(value)}</text>`;
}
