import Table from 'cli-table3';
import { NO_LINES } from './no-lines.ts';

/** A column that gives way where a table is too wide, down to so many letters. */
interface Yielding {
  readonly column: number;
  readonly to: number;
}

/** Width and looks of a table. */
export interface TableLooks {
  /** Spaces between columns. */
  readonly gap: number;
  /** Width of the terminal; undefined for a pipe, where every row is one line. */
  readonly columns: number | undefined;
  /** The columns that give way, one after the other; their cells are broken between words. */
  readonly yields: readonly Yielding[];
  /** Colours the line of the titles. */
  title(line: string): string;
  /** Colours the first cell of a row. */
  first?(cell: string, row: number): string;
}

/** Draws rows below their titles without lines between them. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { gap, columns, yields, title, first = (cell) => cell }: TableLooks,
): string {
  const full = head.map(
    (_title, index) => gap + Math.max(...[head, ...rows].map((row) => row[index]?.length ?? 0)),
  );
  const widths = columns === undefined ? full : narrowed(full, { gap, columns, yields });
  const table = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': gap, head: [], border: [] },
    colWidths: [...widths],
    wordWrap: true,
  });
  const cellOf = (cell: string, index: number): string => {
    const width = widths[index] ?? 0;
    return width < (full[index] ?? 0) ? broken(cell, width - gap) : cell;
  };
  for (const [row, [cell = '', ...others]] of rows.entries()) {
    const [shown = '', ...rest] = [cell, ...others].map(cellOf);
    table.push([first(shown, row), ...rest]);
  }
  const [titles = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [title(titles), ...lines].join('\n');
}

function narrowed(
  full: readonly number[],
  { gap, columns = 0, yields }: Pick<TableLooks, 'gap' | 'columns' | 'yields'>,
): readonly number[] {
  const widths = [...full];
  for (const { column, to } of yields) {
    const width = widths[column] ?? 0;
    const excess = widths.reduce((sum, each) => sum + each, 0) - columns;
    if (excess > 0) widths[column] = Math.min(width, Math.max(to + gap, width - excess));
  }
  return widths;
}

/** The places within a name or a code where a line may end. */
const BEHIND_MARKS = /(?<=[-/_.!@=+:])/;

/** The text in lines of at most `room` letters: broken between words, a long word behind its marks, and else within. */
function broken(text: string, room: number): string {
  const lines: string[] = [''];
  for (const word of text.split(' '))
    for (const [index, piece] of piecesOf(word, room).entries()) {
      const line = lines.at(-1) ?? '';
      const joined = index === 0 && line !== '' ? `${line} ${piece}` : `${line}${piece}`;
      if (joined.length <= room) lines[lines.length - 1] = joined;
      else lines.push(piece);
    }
  return lines.join('\n');
}

const piecesOf = (word: string, room: number): readonly string[] =>
  word.length <= room ? [word] : word.split(BEHIND_MARKS).flatMap((piece) => cut(piece, room));

const cut = (piece: string, room: number): readonly string[] =>
  piece.length <= room ? [piece] : [piece.slice(0, room), ...cut(piece.slice(room), room)];
