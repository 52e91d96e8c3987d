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
      expect(shellQuote(text).replaceAll(/'[^']*'|\\'/g, '')).toMatch(/^[\w/:.,@+-]*$/);
    }),
  );
});
