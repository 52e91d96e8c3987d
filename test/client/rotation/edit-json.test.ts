import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withTexts } from '../../../client/src/rotation/edit-json.ts';

test.each([
  ['{"password":"a","n":1}', '{"password":"b","n":1}'],
  ['{ "n" : 12345678901234567890, "password" : "a" }', '{ "n" : 12345678901234567890, "password" : "b" }'],
  ['{"n":1}', '{"password":"b","n":1}'],
  ['{}', '{"password":"b"}'],
  ['{"password":{"password":["a,}"]},"x":[{"password":"a"}]}', '{"password":"b","x":[{"password":"a"}]}'],
  ['{"password":"a","password":"c"}', '{"password":"b","password":"b"}'],
  ['{"pass\\u0077ord":null}', '{"pass\\u0077ord":"b"}'],
  [
    '{"a\\":\\"":"password","__proto__":{"x":1e400}}',
    '{"password":"b","a\\":\\"":"password","__proto__":{"x":1e400}}',
  ],
])('only the password of %s changes', (json, edited) => {
  expect(withTexts(json, { password: 'b' })).toBe(edited);
});

test('an object with some fields set is that object for whoever parses it', () => {
  const keys = fc.constantFrom('password', 'username', 'a', '"', '{', '__proto__');
  const json = fc.dictionary(fc.oneof(keys, fc.string()), fc.jsonValue());
  fc.assert(
    fc.property(json, fc.dictionary(keys, fc.string()), fc.constantFrom(0, 2), (object, texts, space) => {
      const edited: unknown = JSON.parse(withTexts(JSON.stringify(object, null, space), texts));
      const parsed = JSON.parse(JSON.stringify(object)) as object;
      expect(edited).toEqual(Object.fromEntries(Object.entries({ ...parsed, ...texts })));
    }),
  );
});
