import { escapeHtml } from '../escape-html.ts';
import type { AuditSummary } from '../report/audit-report.ts';
import { count, dayOf, table } from './html-parts.ts';

const WIDTH = 1040;
const HEIGHT = 200;
const BASE = 168;
const TOP = 24;

/** Completed rotations and failures month by month as bars, with the same numbers in a table below. */
export function trendHtml({ trend }: AuditSummary): string {
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
