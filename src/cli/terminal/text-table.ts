import { stripVTControlCharacters } from 'node:util';

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
  readonly columns?: number | undefined;
  /** The columns that give way, one after the other; their cells are broken between words. */
  readonly yields?: readonly Yielding[];
  /** Colours the line of the titles. */
  title?(line: string): string;
  /** Colours the first cell of a row. */
  first?(cell: string, row: number): string;
}

/** Draws rows below their titles without lines between them, which `grep` and `awk` can read, too. Cells may be coloured. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { gap, columns, yields = [], title = same, first = same }: TableLooks,
): string {
  const full = head.map(
    (_title, index) => gap + Math.max(...[head, ...rows].map((row) => lettersOf(row[index] ?? ''))),
  );
  const widths = columns === undefined ? full : narrowed(full, { gap, columns, yields });
  const cellOf = (cell: string, index: number): string => {
    const width = widths[index] ?? 0;
    return width < (full[index] ?? 0) ? broken(cell, width - gap) : cell;
  };
  const [titles = '', ...lines] = [head, ...rows].flatMap((row, index) => {
    const [shown = '', ...rest] = row.map(cellOf);
    const coloured = (line: string): string => (index === 0 ? line : first(line, index - 1));
    return linesOf([shown.split('\n').map(coloured).join('\n'), ...rest], widths);
  });
  return [title(titles), ...lines].join('\n');
}

const same = (text: string): string => text;

/** The letters of a text as it is shown: colours take no room. */
const lettersOf = (text: string): number => stripVTControlCharacters(text).length;

/** The lines of a row whose cells may have several. */
function linesOf(cells: readonly string[], widths: readonly number[]): readonly string[] {
  const parts = cells.map((cell) => cell.split('\n'));
  return Array.from({ length: Math.max(...parts.map(({ length }) => length)) }, (_line, line) =>
    parts
      .map((part, index) => padded(part[line] ?? '', widths[index] ?? 0))
      .join('')
      .trimEnd(),
  );
}

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - lettersOf(text)));

function narrowed(
  full: readonly number[],
  {
    gap,
    columns,
    yields,
  }: { readonly gap: number; readonly columns: number; readonly yields: readonly Yielding[] },
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
