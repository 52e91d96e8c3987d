import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellQuote } from '../../../../src/monitor/domain/shell-quote.ts';
import { CommandLineError, readCommandLine } from '../../../../src/proving/operator/shell-words.ts';

/** A word and one of the ways to write it. */
const written = fc
  .array(
    fc.oneof(
      fc
        .string({ unit: 'grapheme' })
        .filter((text) => !text.includes('\0'))
        .map((text) => ({ text, shown: `'${text.replaceAll("'", `'\\''`)}'` })),
      fc
        .stringMatching(/^[ -~]*$/)
        .map((text) => ({ text, shown: `"${text.replaceAll(/["\\$`]/g, '\\$&')}"` })),
      fc.stringMatching(/^[ -~]+$/).map((text) => ({ text, shown: text.replaceAll(/[\s\S]/g, '\\$&') })),
      fc.stringMatching(/^[A-Za-z0-9/_.:=@%+,-]+$/).map((text) => ({ text, shown: text })),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => ({
    text: parts.map(({ text }) => text).join(''),
    shown: parts.map(({ shown }) => shown).join(''),
  }));

const commandLines = fc.array(written, { minLength: 1, maxLength: 6 });

const wordsOf = (line: string): readonly string[] => readCommandLine(line).words;

describe('readCommandLine()', () => {
  test('reads back every word in whatever way it is quoted', () => {
    fc.assert(
      fc.property(commandLines, fc.constantFrom(' ', '  ', '\t', ' \\\n '), (words, blank) => {
        const line = words.map(({ shown }) => shown).join(blank);
        expect(wordsOf(line)).toEqual(words.map(({ text }) => text));
      }),
    );
  });

  test('reads what alerts quote', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')));
    fc.assert(
      fc.property(texts, (words) => {
        expect(wordsOf(words.map(shellQuote).join(' '))).toEqual(words);
      }),
    );
  });

  test('agrees with a POSIX shell', () => {
    const lines = fc.sample(commandLines, { numRuns: 150, seed: 1 }).map((words) => ({
      words,
      line: words.map(({ shown }) => shown).join(' '),
    }));
    const script = lines.map(({ line }) => `printf '%s\\0' ${line} END`).join('\n');
    const seen = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
    expect(lines.flatMap(({ line }) => [...wordsOf(line), 'END'])).toEqual(seen);
  });

  test.each([
    ['a variable', 'aws $HOME'],
    ['a variable in double quotes', 'aws "$HOME"'],
    ['a substitution', 'aws `id`'],
    ['a pipe', 'aws sts | sh'],
    ['a second command', 'aws sts; id'],
    ['a redirection', 'aws sts > file'],
    ['a here-document', 'aws sts << END'],
    ['a second line', 'aws sts\nid'],
    ['an open single quote', "aws 'x"],
    ['an open double quote', 'aws "x'],
    ['a backslash at the end', 'aws \\'],
  ])('refuses %s', (_what, line) => {
    expect(() => readCommandLine(line)).toThrow(CommandLineError);
  });

  test('reads what a here-string gives to the command, as bash does', () => {
    const line = `aws lambda invoke out.json <<< '{"Step":"test it"}'`;
    expect(readCommandLine(line)).toEqual({
      words: ['aws', 'lambda', 'invoke', 'out.json'],
      input: '{"Step":"test it"}\n',
    });
    const seen = execFileSync('bash', ['-c', line.replace(/^.*<<</, 'cat <<<')], { encoding: 'utf8' });
    expect(readCommandLine(line).input).toBe(seen);
    expect(readCommandLine("aws sts '<<<'").input).toBeUndefined();
  });

  test('leaves a comment out', () => {
    expect(wordsOf('aws sts # get-caller-identity')).toEqual(['aws', 'sts']);
    expect(wordsOf('aws a#b')).toEqual(['aws', 'a#b']);
  });
});
