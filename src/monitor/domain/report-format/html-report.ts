import { escapeHtml } from '../escape-html.ts';
import type { AuditSummary, Provenance } from '../report/audit-report.ts';
import { count, dayOf, minuteOf } from './html-parts.ts';
import { secretHtml } from './html-secret.ts';
import { STYLE } from './html-style.ts';
import {
  controlsHtml,
  coverageHtml,
  expiringHtml,
  populationHtml,
  provenanceHtml,
  tilesHtml,
} from './html-summary.ts';
import type { ReportWriter } from './report-writer.ts';
import { trendHtml } from './trend-svg.ts';
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
      if (period !== undefined) worst.add(secret, (each) => secretHtml(each, period));
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
<p class="soft">${minuteOf(period.from)} to ${minuteOf(period.to)} UTC, read ${minuteOf(readAt)} UTC by ${escapeHtml(identity)}, version ${escapeHtml(version)}</p>
<p class="scope">Each verdict is about one secret. None is about the organization: whether a standard is met as a whole is for its assessor to decide.</p>
<nav aria-label="Parts of this report"><a href="#controls">Controls</a><a href="#trend">Trend</a><a href="#population">Population</a><a href="#coverage">Coverage</a><a href="#exceptions">Exceptions</a><a href="#secrets">Secrets</a><a href="#provenance">Provenance</a></nav>
</header>
<main>
`;
};

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
<p class="soft">${secretsNote(worst)} On each timeline a bar is a completed rotation, a cross a failure, a diamond another change.</p>
${worst.drawn.join('')}</section>
<section id="provenance"><h2>Provenance</h2>${provenanceHtml(provenance, summary)}</section>
</main>
</body>
</html>
`;

const secretsNote = ({ seen, drawn }: WorstSecrets): string =>
  seen > drawn.length
    ? `The worst ${count(drawn.length)} of ${count(seen)}; the CSV report has all.`
    : `All ${count(seen)}.`;
