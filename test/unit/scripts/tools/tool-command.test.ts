import type { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { aboveZero, toolCommand, wholeFrom } from '../../../../scripts/tools/tool-command.ts';

/** Runs a tool with some words, and returns what it was asked for, how it ended and what it printed. */
function ran(words: readonly string[], options: (command: Command) => Command = (command) => command) {
  const asked: unknown[] = [];
  const printed = { out: '', err: '' };
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`ended with ${code}`);
  });
  const command = options(
    toolCommand({
      name: 'npm run tool --',
      does: 'Does it.',
      examples: ['npm run tool -- --often 2'],
      exitCodes: { 0: 'it is done', 1: 'it is not' },
    }),
  )
    .configureOutput({
      writeOut: (text) => (printed.out += text),
      writeErr: (text) => (printed.err += text),
    })
    .action((...all) => {
      asked.push(...all.slice(0, -1));
    });
  const end = (): unknown => command.parse(words, { from: 'user' });
  return { asked, printed, end };
}

test('help shows examples and exit codes, ends with 0 and does nothing', () => {
  const { asked, printed, end } = ran(['--help']);
  expect(end).toThrow('ended with 0');
  expect(printed.out).toContain('Does it.');
  expect(printed.out).toContain('Examples:\n  npm run tool -- --often 2');
  expect(printed.out).toContain(
    'Exit codes:\n  0  it is done\n  1  it is not\n  2  an argument is not understood',
  );
  expect(asked).toEqual([]);
});

test.each([
  [['--unknown']],
  [['too', 'many']],
  [['--often', 'abc']],
  [['--often', '0']],
  [['--share', '-1']],
])('what is not understood ends with 2 and does nothing: %j', (words) => {
  const { asked, printed, end } = ran(words, (command) =>
    command.option('--often <n>', 'how often', wholeFrom(1)).option('--share <n>', 'how much', aboveZero),
  );
  expect(end).toThrow('ended with 2');
  expect(printed.err).toMatch(/^error: .*\n"npm run tool -- --help" says what it understands\.\n$/);
  expect(asked).toEqual([]);
});

test('numbers are read as they are meant', () => {
  const { asked, end } = ran(['--often', '007', '--share', '0.25'], (command) =>
    command.option('--often <n>', 'how often', wholeFrom(1)).option('--share <n>', 'how much', aboveZero),
  );
  end();
  expect(asked).toEqual([{ often: 7, share: 0.25 }]);
});

test.each(['', ' 1', '1e3', '0x10', '1.5', '-0', 'NaN', '12345678901'])('%j is no whole number', (text) => {
  expect(() => wholeFrom(0)(text)).toThrow('Expected a whole number from 0.');
});

test.each(['', '0', '0.0', '1.', '.5', '1e3', 'Infinity', '-1'])('%j is no number above 0', (text) => {
  expect(() => aboveZero(text)).toThrow('Expected a number above 0.');
});
