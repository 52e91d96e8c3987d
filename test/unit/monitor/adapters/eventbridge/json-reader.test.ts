import { expect, test } from 'vitest';
import { at, textAt } from '../../../../../src/monitor/adapters/eventbridge/json-reader.ts';

const value = { a: { b: ['x', 'y'] }, text: 'abc', empty: '', no: null };

test('at follows keys and indexes, and answers undefined where there is nothing', () => {
  expect(at(value, 'a', 'b', 1)).toBe('y');
  expect(at(value, 'a', 'c', 'd')).toBeUndefined();
  expect(at(value, 'no', 'x')).toBeUndefined();
  expect(at('abc', 'length')).toBeUndefined();
});

test('at does not see what every object inherits', () => {
  expect(at(value, 'constructor')).toBeUndefined();
  expect(at(JSON.parse('{"__proto__": {"x": 1}}'), 'x')).toBeUndefined();
});

test('textAt takes only texts, not empty and not too long', () => {
  expect(textAt(value, ['text'])).toBe('abc');
  expect(textAt(value, ['text'], 3)).toBe('abc');
  expect(textAt(value, ['text'], 2)).toBeUndefined();
  expect(textAt(value, ['empty'])).toBeUndefined();
  expect(textAt(value, ['a'])).toBeUndefined();
});
