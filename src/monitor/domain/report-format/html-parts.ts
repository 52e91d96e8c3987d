import { formatDuration, formatInstant, type Instant } from '../../../calendar/instant.ts';
import { escapeHtml } from '../escape-html.ts';
import type { ControlStatus } from '../report/control-verdict.ts';
import type { Figure } from '../report/figure.ts';

/** A status as a word in a frame, so that it does not rest on its colour alone. */
export const statusWord = (status: ControlStatus): string => `<span class="word ${status}">${status}</span>`;

/** A whole number with its thousands apart. */
export const count = (value: number): string => String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** A day and a minute in UTC, such as `2026-03-31 14:05`. */
export const minuteOf = (at: Instant): string => formatInstant(at).slice(0, 16).replace('T', ' ');

/** A day in UTC, such as `2026-03-31`. */
export const dayOf = (at: Instant): string => formatInstant(at).slice(0, 10);

/** A term of a list with the value of a figure; why it is inferred or unknown stands behind it. */
export function figureTerm<T>(name: string, figure: Figure<T>, text: (value: T) => string): string {
  const value = figure.value === undefined ? 'unknown' : escapeHtml(text(figure.value));
  const basis = figure.basis === 'observed' ? '' : ` <span class="soft">${basisText(figure)}</span>`;
  return `<div><dt>${name}</dt><dd>${value}${basis}</dd></div>`;
}

const basisText = ({ value, basis, because }: Figure<unknown>): string => {
  const word = value === undefined ? '' : basis;
  return escapeHtml(`(${[word, because].filter((part) => part !== undefined && part !== '').join(': ')})`);
};

/** A duration of a figure. */
export const duration = (ms: number): string => formatDuration(ms);

/** A table: its caption, the heads of its columns and its rows of cells, which are HTML; numbers stand to the right. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  if (rows.length === 0) return '';
  const numeric = heads.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const cell = (tag: 'th scope="col"' | 'td', content: string | number, column: number): string => {
    const text = typeof content === 'number' ? count(content) : content;
    return `<${tag}${numeric[column] ? ' class="n"' : ''}>${text}</${tag.slice(0, 2)}>`;
  };
  const head = heads.map((text, column) => cell('th scope="col"', text, column)).join('');
  const body = rows.map((row) => `<tr>${row.map((each, column) => cell('td', each, column)).join('')}</tr>`);
  return `<div class="scroll"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
