import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AwsError } from '../../../../src/simulator/call/aws-error.ts';
import { compilePattern, matchesPattern } from '../../../../src/simulator/eventbridge/pattern.ts';

const matches = (pattern: unknown, event: unknown): boolean =>
  matchesPattern(compilePattern(JSON.stringify(pattern)), event);

const scalar = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.integer({ min: -1e6, max: 1e6 }),
  fc.boolean(),
  fc.constant(null),
);
const key = fc
  .string({ minLength: 1, maxLength: 6 })
  .filter((name) => name !== '$or' && name !== '__proto__');
const event = fc.dictionary(key, fc.oneof(scalar, fc.dictionary(key, scalar, { minKeys: 1, maxKeys: 3 })), {
  minKeys: 1,
  maxKeys: 5,
});

/** The pattern that asks for exactly the values of an event. */
const patternOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, patternOf(member)]))
    : [value];

test('a pattern made of an event matches it, also when its values are put into arrays', () => {
  const boxed = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, boxed(member)]))
      : [[], [value]];
  fc.assert(
    fc.property(event, (given) => {
      expect(matches(patternOf(given), given)).toBe(true);
      expect(matches(patternOf(given), [boxed(given)])).toBe(true);
    }),
  );
});

test('anything-but is the contrary of equality for every value that is there', () => {
  const comparable = fc.oneof(fc.string({ maxLength: 4 }), fc.integer({ min: -5, max: 5 }));
  fc.assert(
    fc.property(comparable, scalar, (refused, value) => {
      const equal = matches({ a: [refused] }, { a: value });
      expect(matches({ a: [{ 'anything-but': refused }] }, { a: value })).toBe(!equal);
    }),
  );
});

test('anything-but a prefix is the contrary of the prefix for strings', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(text, text, (prefix, value) => {
      expect(matches({ a: [{ 'anything-but': { prefix } }] }, { a: value })).toBe(!value.startsWith(prefix));
    }),
  );
});

test('exists is true or false of every event', () => {
  fc.assert(
    fc.property(event, key, (given, name) => {
      const there = matches({ [name]: [{ exists: true }] }, given);
      expect(matches({ [name]: [{ exists: false }] }, given)).toBe(!there);
    }),
  );
});

test('wildcard agrees with a regular expression', () => {
  const pattern = fc
    .string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 })
    .filter((text) => !text.includes('**'));
  const value = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, value, (wildcard, text) => {
      const expected = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(text);
      expect(matches({ a: [{ wildcard }] }, { a: text })).toBe(expected);
    }),
  );
});

test('matching never throws, whatever the event', () => {
  const patterns = [
    '{"a":[{"exists":false}]}',
    '{"a":{"b":[{"anything-but":"x"}]}}',
    '{"a":[{"cidr":"::/0"},{"wildcard":"*a"}]}',
  ];
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...patterns), (given, pattern) => {
      expect(typeof matchesPattern(compilePattern(pattern), given)).toBe('boolean');
      expect(typeof matchesPattern(compilePattern(pattern), { a: given })).toBe('boolean');
    }),
  );
});

test('compilePattern reads any JSON or fails with InvalidEventPatternException', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        compilePattern(JSON.stringify(value));
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
        expect(error).toHaveProperty('code', 'InvalidEventPatternException');
      }
    }),
  );
});
