import { expect, test } from 'vitest';
import { type TableLooks, textTable } from '../../../../src/cli/terminal/text-table.ts';

const LOOKS: TableLooks = {
  gap: 1,
  columns: 20,
  yields: [
    { column: 1, to: 8 },
    { column: 0, to: 4 },
  ],
  title: (line) => line,
};
const draw = (rows: readonly (readonly string[])[], looks: Partial<TableLooks> = {}) =>
  textTable(['NAME', 'WHAT'], rows, { ...LOOKS, ...looks }).split('\n');

test('a row that fits is one line, and so is every row of a pipe', () => {
  expect(draw([['a/b', 'is well']])).toEqual(['NAME WHAT', 'a/b  is well']);
  expect(draw([['a/b', 'x'.repeat(40)]], { columns: undefined })).toHaveLength(2);
});

test('a column that gives way is broken between words, a long word behind its marks, and else within', () => {
  expect(draw([['a/b', 'one two three four']])).toEqual(['NAME WHAT', 'a/b  one two three', '     four']);
  expect(draw([['prod/license-key', 'well']])).toEqual(['NAME           WHAT', 'prod/license-  well', 'key']);
  expect(draw([['x'.repeat(18), 'well']])).toEqual(['NAME           WHAT', 'xxxxxxxxxxxxxx well', 'xxxx']);
});

test('the first to give way does so down to its least, then the next', () => {
  const lines = draw([['prod/license', 'one two three four']]);
  expect(lines).toEqual(['NAME       WHAT', 'prod/      one two', 'license    three', '           four']);
});

test('colours take no room', () => {
  const [title, row] = draw([['ok', 'well']], {
    title: (line) => `<${line}>`,
    first: (cell, index) => `\u001B[3${index + 1}m${cell}\u001B[39m`,
  });
  expect(title).toBe('<NAME WHAT>');
  expect(row).toBe('\u001B[31mok\u001B[39m   well');
});

test('each line of a coloured cell has its colour', () => {
  const lines = draw([['prod/license-key', 'well']], { first: (cell) => `\u001B[31m${cell}\u001B[39m` });
  expect(lines.slice(1)).toEqual(['\u001B[31mprod/license-\u001B[39m  well', '\u001B[31mkey\u001B[39m']);
});

test('cells that come with colours are as wide as their letters', () => {
  expect(
    draw(
      [
        ['x', '\u001B[32mok\u001B[39m'],
        ['long', 'well'],
      ],
      { columns: undefined },
    ),
  ).toEqual(['NAME WHAT', 'x    \u001B[32mok\u001B[39m', 'long well']);
});
