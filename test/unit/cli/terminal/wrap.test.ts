import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hanging, wrapped } from '../../../../src/cli/terminal/wrap.ts';

test('text breaks between words, and a word that is too long stays whole', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('an extraordinary end', 6)).toEqual(['an', 'extraordinary', 'end']);
});

test('no word is lost, and only a single word is wider than the room', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^\S{1,12}$/), { minLength: 1 }),
      fc.integer({ min: 1, max: 30 }),
      (words, room) => {
        const lines = wrapped(words.join(' '), room);
        expect(lines.join(' ')).toBe(words.join(' '));
        expect(lines.filter((line) => line.length > room && line.includes(' '))).toEqual([]);
      },
    ),
  );
});

test('hanging lets what follows a number stand below it, and keeps commands whole', () => {
  expect(hanging('12. one two three', 12)).toEqual(['  12. one', '      two', '      three']);
  expect(hanging('   aws lambda invoke --function-name x', 12)).toEqual([
    '     aws lambda invoke --function-name x',
  ]);
});
