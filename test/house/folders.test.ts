import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folderCycles } from '../../scripts/measure/folder-cycles.ts';

const file = (path: string, ...imports: readonly string[]) => ({ path, imports });

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

test('every test file belongs to a project', () => {
  const stray = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.test.ts') && !/^(unit|contract|client|infra|house|e2e)\//.test(name),
  );
  expect(stray).toEqual([]);
});
