import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generatePassword } from '../../../client/src/rotation/password.ts';

test('a password has the length and the classes asked for and nothing that is excluded', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 128 }),
      fc.string({ unit: fc.constantFrom(...'abcXYZ012!#$') }),
      (length, exclude) => {
        const password = generatePassword({ length, exclude });
        expect([...password]).toHaveLength(length);
        for (const characters of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/])
          expect(password).toMatch(characters);
        for (const character of exclude) expect(password).not.toContain(character);
      },
    ),
  );
});

test('no two passwords are alike, and by default none needs quoting in a URL of a database', () => {
  const passwords = Array.from({ length: 1_000 }, () => generatePassword());
  expect(new Set(passwords).size).toBe(1_000);
  for (const password of passwords) expect(password).not.toMatch(/[:/@"'\\ ]/);
});

test('rules that leave nothing to choose from are refused', () => {
  expect(() => generatePassword({ length: 3 })).toThrow(RangeError);
  for (const length of [Number.NaN, 8.5, Number.POSITIVE_INFINITY])
    expect(() => generatePassword({ length })).toThrow('length must be a whole number');
  expect(() => generatePassword({ classes: ['abc'], exclude: 'abc' })).toThrow(RangeError);
});
