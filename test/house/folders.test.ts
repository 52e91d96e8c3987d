import { expect, test } from 'vitest';
import { folderCycles } from '../../scripts/measure/folder-cycles.ts';
import { measuredFiles } from '../../scripts/measure/import-graph.ts';

const file = (path: string, ...imports: readonly string[]) => ({
  path,
  imports,
  lines: 1,
  functionLines: [],
  anys: 0,
});

test('no folders of the sources import each other in circles', () => {
  const files = measuredFiles('.', ['src', 'infra']);
  expect(files.length).toBeGreaterThan(500);
  expect(folderCycles(files)).toEqual([]);
});

test('a circle of folders is found, however long, although no files are in a circle', () => {
  const files = [
    file('a/one.ts', 'b/two.ts'),
    file('b/two.ts'),
    file('b/three.ts', 'c/four.ts'),
    file('c/four.ts', 'a/five.ts'),
    file('a/five.ts'),
  ];
  expect(folderCycles(files)).toEqual([['a', 'b', 'c']]);
});

test('folders that lie within each other are no circle by themselves', () => {
  expect(folderCycles([file('a/one.ts', 'a/b/two.ts'), file('a/b/two.ts')])).toEqual([]);
});
