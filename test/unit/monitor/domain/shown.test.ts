import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shown, shownLine } from '../../../../src/monitor/domain/shown.ts';

test.each<[string, string, string]>([
  ['line breaks', 'a\r\nDo: b\u2028c\u2029d\u0085e\u000Bf\tg', 'a Do: b c d e f g'],
  ['control characters', 'a\u0000b\u001B[2Jc\u007Fd\u009B', 'ab[2Jcd'],
  ['marks that turn text around', '\u202Egro.elpmaxe\u202C\u2066x\u2069\u200F\u061C', 'gro.elpmaxex'],
  ['characters without a width', 'or\u200Bders\u200D\uFEFF\u00AD\u2060\u034F\uFE0F', 'orders'],
  ['blanks that are letters', 'a\u3164\u115F\u2800b', 'ab'],
  ['tags', 'a\u{E0041}\u{E0001}b', 'ab'],
  ['halves of characters', 'a\uD83Db\uDE00', 'ab'],
  ['nothing', 'prod/über–db 日本 😀 "x" <y> & z', 'prod/über–db 日本 😀 "x" <y> & z'],
])('the gate takes away %s', (_case, text, expected) => {
  expect(shownLine(text)).toBe(expected);
});

test('a longer text is cut between characters, and says so', () => {
  expect(shownLine('12345', 5)).toBe('12345');
  expect(shownLine('123456', 5)).toBe('1234…');
  expect(shownLine('123😀56', 5)).toBe('123…');
  expect(shownLine('x'.repeat(5000))).toHaveLength(4096);
});

test('whatever goes in, one bounded line comes out that passes the gate unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, longest) => {
      const line = shownLine(text, longest);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(line.length).toBeLessThanOrEqual(longest);
      expect(shownLine(line, longest)).toBe(line);
    }),
  );
});

test('every text within a value passes, and a value that needs nothing is the same one', () => {
  const fine = { a: ['b', { c: 1, d: undefined }], e: null };
  expect(shown(fine)).toBe(fine);
  const when = new Date(0);
  const rest = { n: 1, when, gone: undefined };
  expect(shown({ ...rest, lines: ['x\ny', { z: '\u202Eq' }] })).toEqual({
    ...rest,
    lines: ['x y', { z: 'q' }],
  });
});
