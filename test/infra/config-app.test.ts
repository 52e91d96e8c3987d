import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { configApp, orRefuse } from '../../infra/config-app.ts';

/** Returns what is printed, and the exit code, for a configuration file with some text; without a text there is no file. */
function refused(text?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'config-app-'));
  cpSync('rotation-monitor.config.example.json', join(folder, 'rotation-monitor.config.example.json'));
  if (text !== undefined) writeFileSync(join(folder, 'rotation-monitor.config.json'), text);
  const before = process.exitCode;
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  orRefuse(() => configApp({ folder, orExample: false }));
  const { exitCode } = process;
  process.exitCode = before;
  return { exitCode, printed: printed.mock.calls.join('').trimEnd().replace(folder, '') };
}

test('a missing file says how to begin', () => {
  expect(refused()).toEqual({
    exitCode: 1,
    printed:
      'Error: Cannot find rotation-monitor.config.json: copy rotation-monitor.config.example.json to it, and name who gets the alerts.',
  });
});

test.each([
  ['{"subscriptions": [', /the whole file: expected a JSON object, but it cannot be read: .*JSON/],
  ['[]', /the whole file: expected a JSON object, not a list or a single value/],
  [
    '{"subscriptions": [], "stuck-aftr": "3h"}',
    /stuck-aftr: no setting of this name\n {2}subscriptions: nobody/,
  ],
])('what cannot be deployed is told in lines without a stack: %#', (text, told) => {
  const { exitCode, printed } = refused(text);
  expect(exitCode).toBe(1);
  expect(printed).toMatch(told);
  expect(printed).toMatch(/^Error: /);
  expect(printed).not.toMatch(/\n {4}at /);
});

test('a mistake of the program keeps its stack', () => {
  const mistake = new TypeError('x is not a function');
  expect(() =>
    orRefuse(() => {
      throw mistake;
    }),
  ).toThrow(mistake);
});

test('what checks properties and files refuses with errors that are told in lines', () => {
  const sources = ['infra/props', 'infra/config-file'].flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  expect(sources.filter((path) => /throw new Error\(/.test(readFileSync(path, 'utf8')))).toEqual([]);
});
