import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import { escapeHtml } from '../escape-html.ts';
import type { ControlStatus } from '../report/control-verdict.ts';
import type { Basis, Figure } from '../report/figure.ts';

/** A status as a word in a frame, so that it does not rest on its colour alone. */
export const statusWord = (status: ControlStatus): string => `<span class="word ${status}">${status}</span>`;

/** A whole number with its thousands apart. */
export const count = (value: number): string => String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** A day and a minute in UTC, such as `2026-03-31 14:05`. */
export const minuteOf = (at: Instant): string => formatInstant(at).slice(0, 16).replace('T', ' ');

/** A day in UTC, such as `2026-03-31`. */
export const dayOf = (at: Instant): string => formatInstant(at).slice(0, 10);

/** A figure with its name, as text. */
export interface NamedFigure {
  readonly name: string;
  readonly text: string;
  readonly basis: Basis;
  readonly because: string | undefined;
}

/** A figure as text: one that was observed and has no value never happened. */
export function named<T>(name: string, figure: Figure<T>, text: (value: T) => string): NamedFigure {
  const { value, basis, because } = figure;
  const missing = basis === 'observed' ? 'never' : 'unknown';
  return { name, text: value === undefined ? missing : text(value), basis, because };
}

/** Figures as a list of terms; the reasons why some are inferred or unknown stand below, each once. */
export function figuresHtml(figures: readonly NamedFigure[]): string {
  const terms = figures.map(({ name, text, basis }) => {
    const mark = basis === 'inferred' ? ' <span class="soft">inferred</span>' : '';
    return `<div><dt>${name}</dt><dd>${escapeHtml(text)}${mark}</dd></div>`;
  });
  const reasons = new Map<string, string[]>();
  for (const { name, basis, because = '' } of figures.filter((figure) => figure.basis !== 'observed')) {
    const reason = `${basis}: ${because}`;
    reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  }
  const notes = [...reasons].map(([reason, names]) => `<li>${names.join(', ')} ${escapeHtml(reason)}</li>`);
  const list = notes.length === 0 ? '' : `<ul class="soft">${notes.join('')}</ul>`;
  return `<dl>${terms.join('')}</dl>${list}`;
}

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
