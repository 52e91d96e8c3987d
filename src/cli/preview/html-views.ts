import { escapeHtml } from '../../monitor/domain/escape-html.ts';
import type { AlarmStatus } from '../../monitor/ports/watch/dashboard-source.ts';
import { type DrawnLine, lastOf, SUMMARIES, sumOf } from './drawn-line.ts';
import type { ShownMetrics } from './shown-body.ts';

/** The last value of each line, large. */
export const numbersHtml = (lines: readonly DrawnLine[], { sparkline }: ShownMetrics): string =>
  `<div class="numbers">${lines
    .map((line) => {
      const last = lastOf(line);
      const value = last === undefined ? '–' : numberText(last);
      return `<div class="number"><span class="label">${escapeHtml(line.label)}</span><span class="value">${value}</span>${sparkline ? sparklineSvg(line) : ''}</div>`;
    })
    .join('')}</div>`;

function sparklineSvg({ points, color }: DrawnLine): string {
  if (points.length < 2) return '';
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const y = (value: number) => (most === least ? 10 : 19 - (18 * (value - least)) / (most - least));
  const path = values.map(
    (value, index) => `${((100 * index) / (values.length - 1)).toFixed(1)},${y(value).toFixed(1)}`,
  );
  return `<svg class="sparkline" viewBox="0 0 100 20" preserveAspectRatio="none"><polyline points="${path.join(' ')}" fill="none" stroke="${escapeHtml(color)}" vector-effect="non-scaling-stroke"/></svg>`;
}

/** The last value of the first line, on an arc between the ends of the axis. */
export function gaugeHtml([line]: readonly DrawnLine[], { yAxis }: ShownMetrics): string {
  const last = line === undefined ? undefined : lastOf(line);
  if (line === undefined || last === undefined) return '';
  const { min = 0, max = 100 } = yAxis?.left ?? {};
  const share = Math.min(1, Math.max(0, (last - min) / (max - min || 1)));
  const angle = Math.PI * (1 - share);
  const [x, y] = [50 + 40 * Math.cos(angle), 50 - 40 * Math.sin(angle)];
  const arc =
    share === 0 ? '' : `<path d="M10 50 A40 40 0 0 1 ${x.toFixed(2)} ${y.toFixed(2)}" class="filled"/>`;
  return `<div class="gauge"><svg viewBox="0 0 100 56"><path d="M10 50 A40 40 0 0 1 90 50" class="track"/>${arc}<text x="50" y="48">${numberText(last)}</text></svg><span class="label">${escapeHtml(line.label)}</span></div>`;
}

/** One bar for each line; a period as long as the time shown can begin within it, so its parts are added up. */
export function barsHtml(lines: readonly DrawnLine[]): string {
  const most = Math.max(...lines.map(sumOf), 0);
  const rows = lines.map((line) => {
    const value = sumOf(line);
    const width = most === 0 ? 0 : (100 * value) / most;
    return `<div class="bar"><span class="label">${escapeHtml(line.label)}</span><span class="track"><span class="fill" style="width:${width.toFixed(1)}%;background:${escapeHtml(line.color)}"></span></span><span class="value">${numberText(value)}</span></div>`;
  });
  return `<div class="bars">${rows.join('')}</div>`;
}

/** A row for each line, with the columns that the widget names. */
export function tableHtml(lines: readonly DrawnLine[], { table }: ShownMetrics): string {
  const columns = table?.summaryColumns ?? [];
  const head = ['', ...columns].map((title) => `<th>${escapeHtml(title)}</th>`).join('');
  const rows = lines.map((line) => {
    const values = line.points.map(({ value }) => value);
    const cells = columns.map((column) => {
      const summary = values.length === 0 ? undefined : SUMMARIES[column]?.(values);
      return `<td class="value">${summary === undefined ? '–' : numberText(summary)}</td>`;
    });
    return `<tr><td>${escapeHtml(line.label)}</td>${cells.join('')}</tr>`;
  });
  return `<table class="lines"><tr>${head}</tr>${rows.join('')}</table>`;
}

/** A tile for each alarm; what they have in common at the beginning of their names is left out. */
export function alarmsHtml(alarms: readonly AlarmStatus[]): string {
  const prefix = commonPrefix(alarms.map(({ name }) => name));
  const tiles = alarms.map(
    ({ name, state, reason }) =>
      `<div class="alarm ${state}" title="${escapeHtml(reason)}"><span>${escapeHtml(name.slice(prefix))}</span><b>${STATE_WORDS[state]}</b></div>`,
  );
  return `<div class="alarms">${tiles.join('')}</div>`;
}

const STATE_WORDS: Readonly<Record<AlarmStatus['state'], string>> = {
  OK: 'OK',
  ALARM: 'In alarm',
  INSUFFICIENT_DATA: 'No data',
};

/** Length of what all names begin with, up to a hyphen. */
function commonPrefix([first = '', ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length += 1;
  return others.length === 0 ? 0 : first.lastIndexOf('-', length - 1) + 1;
}

/** A number as people read it: whole ones with separators, others with two decimals or three digits. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-GB');
  if (Math.abs(value) >= 1) return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 3 });
}

/**
 * The Markdown of text widgets as HTML: headings, paragraphs, lists, tables, bold, code and links. Everything else is
 * shown as it stands, with HTML escaped. Links lead to the web or to another dashboard.
 */
export function markdownHtml(text: string): string {
  const blocks = text.replaceAll('\r', '').split(/\n(?=#)|\n{2,}/);
  return blocks
    .filter((block) => block.trim() !== '')
    .map(blockHtml)
    .join('\n');
}

function blockHtml(block: string): string {
  const [first = '', ...rest] = block.trim().split('\n');
  const heading = /^(#{1,4}) (.*)$/.exec(first);
  if (heading !== null) {
    const level = heading[1]?.length ?? 1;
    const below = rest.length === 0 ? '' : blockHtml(rest.join('\n'));
    return `<h${level}>${inline(heading[2] ?? '')}</h${level}>${below}`;
  }
  const lines = [first, ...rest];
  if (lines.length > 1 && /^\|[-| :]+\|$/.test(lines[1] ?? '')) return markdownTable(lines);
  if (lines.every((line) => /^[-*] /.test(line))) {
    return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`;
  }
  return `<p>${lines.map(inline).join('<br>')}</p>`;
}

function markdownTable([head = '', , ...rows]: readonly string[]): string {
  const cells = (line: string, tag: string) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`)
      .join('');
  const body = rows.map((line) => `<tr>${cells(line, 'td')}</tr>`).join('');
  return `<table><tr>${cells(head, 'th')}</tr>${body}</table>`;
}

/** Code first, so that nothing in it is taken for a sign. */
const inline = (text: string): string =>
  text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : signs(part)))
    .join('');

const signs = (text: string): string =>
  escapeHtml(text)
    .replaceAll(
      /\[([^\]]+)\]\(([^()\s]+)\)/g,
      (whole, label: string, target: string) => linkHtml(label, target) ?? whole,
    )
    .replaceAll(/\*\*([^*]+)\*\*/g, '<b>$1</b>');

/** Undefined for a target that is neither on the web nor a dashboard. */
function linkHtml(label: string, target: string): string | undefined {
  const [, dashboard] = /^#dashboards:name=([\w-]+)$/.exec(target) ?? [];
  if (dashboard !== undefined) return `<a href="/dashboards/${dashboard}">${label}</a>`;
  if (!/^https?:\/\//.test(target)) return undefined;
  return `<a href="${target}" target="_blank" rel="noopener">${label}</a>`;
}
