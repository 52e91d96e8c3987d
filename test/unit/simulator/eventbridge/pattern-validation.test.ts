import { expect, test } from 'vitest';
import { AwsError } from '../../../../src/simulator/call/aws-error.ts';
import { compilePattern } from '../../../../src/simulator/eventbridge/pattern.ts';

const field = (entry: unknown): unknown => ({ field: [entry] });

const refused: readonly (readonly [unknown, string])[] = [
  [[], 'Filter is not an object'],
  ['text', 'Filter is not an object'],
  [null, 'Filter is not an object'],
  [{}, 'Empty objects are not allowed'],
  [{ detail: {} }, 'Empty objects are not allowed'],
  [{ source: 'aws.ec2' }, '"source" must be an object or an array'],
  [{ source: null }, '"source" must be an object or an array'],
  [{ source: [] }, 'Empty arrays are not allowed'],
  [field(['a']), 'Match value must be String, number, true, false, or null'],
  [field({}), 'Match expression name not found'],
  [field({ prefix: 'a', suffix: 'b' }), 'Only one key allowed in match expression'],
  [field({ regex: 'a' }), 'Unrecognized match type regex'],
  [field({ toString: 'a' }), 'Unrecognized match type toString'],
  [field({ prefix: 5 }), 'prefix match pattern must be a string'],
  [field({ prefix: { suffix: 'a' } }), 'Unsupported prefix pattern: suffix'],
  [field({ suffix: null }), 'suffix match pattern must be a string'],
  [field({ 'equals-ignore-case': ['a'] }), 'equals-ignore-case match pattern must be a string'],
  [field({ wildcard: 1 }), 'wildcard match pattern must be a string'],
  [field({ wildcard: 'a**b' }), 'Consecutive wildcard characters at pos 1'],
  [field({ wildcard: 'a\\b' }), 'Invalid escape character at pos 1'],
  [field({ wildcard: 'a\\' }), 'Invalid escape character at pos 1'],
  [field({ exists: 'true' }), 'exists match pattern must be either true or false.'],
  [field({ cidr: '10.0.0.1' }), 'Malformed CIDR'],
  [field({ cidr: '10.0.0.0/33' }), 'mask bits must be < 32'],
  [field({ cidr: '10.0.0.7/32' }), 'mask bits must be < 32'],
  [field({ cidr: '2001:db8::/128' }), 'mask bits must be < 128'],
  [field({ cidr: 'nowhere/8' }), 'Malformed CIDR'],
  [field({ numeric: '>' }), 'Value of numeric must be an array.'],
  [field({ numeric: [] }), 'Invalid member in numeric match'],
  [field({ numeric: ['~', 5] }), 'Unrecognized numeric range operator: ~'],
  [field({ numeric: ['>', '5'] }), 'Value of > must be numeric'],
  [field({ numeric: ['>', 6e9] }), 'Value must be between'],
  [field({ numeric: ['=', 1, '<', 2] }), 'Too many elements in numeric expression'],
  [field({ numeric: ['>', 1, '>', 2] }), 'Bad numeric range operator: >'],
  [field({ numeric: ['>', 1, '<', 2, '<', 3] }), 'Too many terms in numeric range expression'],
  [field({ numeric: ['>', 2, '<', 1] }), 'Bottom must be less than top'],
  [field({ 'anything-but': null }), 'start|null|boolean is not supported'],
  [field({ 'anything-but': ['a', 1] }), 'mixed type is not supported'],
  [field({ 'anything-but': [] }), 'mixed type is not supported'],
  [field({ 'anything-but': { exists: true } }), 'Unsupported anything-but pattern: exists'],
  [field({ 'anything-but': { prefix: '' } }), 'Null prefix not allowed'],
  [field({ 'anything-but': { suffix: [] } }), 'Empty arrays are not allowed'],
  [
    field({ 'anything-but': { 'equals-ignore-case': 5 } }),
    'equals-ignore-case match pattern must be a string',
  ],
  [{ $or: { a: [1] } }, 'It must be an Array followed with $or.'],
  [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
  [{ $or: [{ a: [1] }, 5] }, 'Only JSON object is allowed in array of $or relationship.'],
  [{ $or: [{ numeric: [1] }, { a: [1] }] }, 'numeric is Ruler reserved fieldName'],
];

test.each(refused)('compilePattern refuses %j', (pattern, reason) => {
  const read = () => compilePattern(JSON.stringify(pattern));
  expect(read).toThrow(AwsError);
  expect(read).toThrow(`Event pattern is not valid. Reason: `);
  expect(read).toThrow(reason);
});

test('compilePattern refuses what is no JSON', () => {
  expect(() => compilePattern('{')).toThrow('The event pattern is not valid JSON');
});

test('compilePattern takes 4,096 characters and refuses one more', () => {
  const ofLength = (length: number): string => `{"a":["${'x'.repeat(length - 10)}"]}`;
  expect(ofLength(4096)).toHaveLength(4096);
  expect(() => compilePattern(ofLength(4096))).not.toThrow();
  expect(() => compilePattern(ofLength(4097))).toThrow('4096');
});
