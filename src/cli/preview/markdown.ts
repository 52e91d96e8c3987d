import { escapeHtml } from '../../monitor/domain/escape-html.ts';

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
  if (lines.length > 1 && /^\|[-| :]+\|$/.test(lines[1] ?? '')) return tableHtml(lines);
  if (lines.every((line) => /^[-*] /.test(line))) {
    return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`;
  }
  return `<p>${lines.map(inline).join('<br>')}</p>`;
}

function tableHtml([head = '', , ...rows]: readonly string[]): string {
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
