import { Command } from 'commander';
import { expect, test } from 'vitest';
import { presentation, withPresentation } from '../../../../src/cli/terminal/presentation.ts';
import { aTerminal } from '../../../support/terminal.ts';

const read = (...args: readonly string[]) =>
  withPresentation(new Command('x').exitOverride().configureOutput({ writeErr: () => undefined }))
    .parse([...args], { from: 'user' })
    .opts();

test('presentation takes --json for --format json, and refuses both', () => {
  const isJson = (...args: readonly string[]) => presentation(read(...args), aTerminal()).isJson;
  expect([isJson(), isJson('--json'), isJson('--format', 'json'), isJson('--format', 'text')]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(() => read('--json', '--format', 'text')).toThrow(/cannot be used with/);
});

test('presentation colours for a person only, unless asked not to', () => {
  const terminal = aTerminal({ isTTY: true });
  const red = (...args: readonly string[]) => presentation(read(...args), terminal).colors.red('x');
  expect(red()).not.toBe('x');
  expect(red('--no-color')).toBe('x');
  expect(presentation(read(), aTerminal()).colors.red('x')).toBe('x');
});

test('presentation wraps at the width of the terminal, else at 80 columns', () => {
  expect(presentation({}, aTerminal({ columns: 120 })).columns).toBe(120);
  expect(presentation({}, aTerminal()).columns).toBe(80);
});
