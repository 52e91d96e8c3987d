import { expect, test } from 'vitest';
import { compilePattern, matchesPattern } from '../../../../src/simulator/eventbridge/pattern.ts';

const matches = (pattern: unknown, event: unknown): boolean =>
  matchesPattern(compilePattern(JSON.stringify(pattern)), event);

/** The values of one field, and whether a field with the given list of values matches them. */
const vectors: readonly (readonly [string, readonly unknown[], readonly (readonly [unknown, boolean])[]])[] =
  [
    [
      'a string matches itself, by case and type',
      ['a'],
      [
        ['a', true],
        ['A', false],
        ['', false],
        [['a'], true],
        [1, false],
        [null, false],
      ],
    ],
    [
      'an empty string matches an empty string only',
      [''],
      [
        ['', true],
        [null, false],
        [undefined, false],
      ],
    ],
    [
      'a number matches by value and never a string',
      [5],
      [
        [5, true],
        [5.0, true],
        ['5', false],
        [5.1, false],
        [true, false],
      ],
    ],
    [
      'a negative and a fractional number match',
      [-1, 0.5],
      [
        [-1, true],
        [0.5, true],
        [1, false],
      ],
    ],
    [
      'null matches null and not what is absent',
      [null],
      [
        [null, true],
        [undefined, false],
        ['null', false],
        [0, false],
        ['', false],
      ],
    ],
    [
      'booleans match themselves',
      [true],
      [
        [true, true],
        [false, false],
        ['true', false],
        [1, false],
      ],
    ],
    [
      'one of several values is enough',
      ['a', 5, null],
      [
        ['a', true],
        [5, true],
        [null, true],
        ['b', false],
      ],
    ],
    [
      'prefix looks at the beginning of strings',
      [{ prefix: 'prod/' }],
      [
        ['prod/db', true],
        ['prod/', true],
        ['Prod/db', false],
        ['x/prod/', false],
        [5, false],
        [null, false],
      ],
    ],
    [
      'an empty prefix matches every string',
      [{ prefix: '' }],
      [
        ['a', true],
        ['', true],
        [1, false],
      ],
    ],
    [
      'prefix can ignore case',
      [{ prefix: { 'equals-ignore-case': 'PROD/' } }],
      [
        ['prod/db', true],
        ['pRoD/', true],
        ['pro', false],
      ],
    ],
    [
      'suffix looks at the end of strings',
      [{ suffix: '.png' }],
      [
        ['a.png', true],
        ['a.PNG', false],
        ['a.png?', false],
        [5, false],
      ],
    ],
    [
      'suffix can ignore case',
      [{ suffix: { 'equals-ignore-case': '.png' } }],
      [
        ['a.PNG', true],
        ['a.pn', false],
      ],
    ],
    [
      'equals-ignore-case compares whole strings',
      [{ 'equals-ignore-case': 'Alice' }],
      [
        ['aLICE', true],
        ['alic', false],
        ['alicee', false],
        [1, false],
      ],
    ],
    [
      'exactly is a string',
      [{ exactly: 'a' }],
      [
        ['a', true],
        ['A', false],
      ],
    ],
    [
      'anything-but one string takes all else that is there',
      [{ 'anything-but': 'a' }],
      [
        ['b', true],
        ['A', true],
        [5, true],
        [null, true],
        [true, true],
        ['a', false],
        [undefined, false],
      ],
    ],
    [
      'anything-but one number takes all else that is there',
      [{ 'anything-but': 5 }],
      [
        [6, true],
        ['5', true],
        [5, false],
        [undefined, false],
      ],
    ],
    [
      'anything-but a list',
      [{ 'anything-but': ['a', 'b'] }],
      [
        ['c', true],
        ['a', false],
        ['b', false],
      ],
    ],
    [
      'anything-but a list of numbers',
      [{ 'anything-but': [1, 2] }],
      [
        [3, true],
        [1, false],
        [2, false],
      ],
    ],
    [
      'anything-but of an array takes it when one element is else',
      [{ 'anything-but': 'a' }],
      [
        [['a', 'b'], true],
        [['a'], false],
        [[], false],
      ],
    ],
    [
      'anything-but a prefix',
      [{ 'anything-but': { prefix: 'init' } }],
      [
        ['running', true],
        ['initial', false],
        [5, true],
      ],
    ],
    [
      'anything-but several prefixes',
      [{ 'anything-but': { prefix: ['a', 'b'] } }],
      [
        ['c', true],
        ['ax', false],
        ['bx', false],
      ],
    ],
    [
      'anything-but a suffix',
      [{ 'anything-but': { suffix: '.txt' } }],
      [
        ['a.png', true],
        ['a.txt', false],
      ],
    ],
    [
      'anything-but several suffixes',
      [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }],
      [
        ['a.png', true],
        ['a.rtf', false],
      ],
    ],
    [
      'anything-but a wildcard',
      [{ 'anything-but': { wildcard: '*/bin/*' } }],
      [
        ['/usr/lib/x', true],
        ['/usr/bin/x', false],
      ],
    ],
    [
      'anything-but several wildcards',
      [{ 'anything-but': { wildcard: ['*a*', '*b*'] } }],
      [
        ['ccc', true],
        ['cac', false],
        ['cbc', false],
      ],
    ],
    [
      'anything-but equals-ignore-case',
      [{ 'anything-but': { 'equals-ignore-case': 'init' } }],
      [
        ['running', true],
        ['INIT', false],
        [5, true],
      ],
    ],
    [
      'anything-but several equals-ignore-case',
      [{ 'anything-but': { 'equals-ignore-case': ['a', 'B'] } }],
      [
        ['c', true],
        ['A', false],
        ['b', false],
      ],
    ],
    [
      'numeric = compares numbers',
      [{ numeric: ['=', 301.8] }],
      [
        [301.8, true],
        [301.81, false],
        ['301.8', false],
      ],
    ],
    [
      'numeric < leaves out its bound',
      [{ numeric: ['<', 10] }],
      [
        [9.99, true],
        [10, false],
      ],
    ],
    [
      'numeric <= takes its bound',
      [{ numeric: ['<=', 10] }],
      [
        [10, true],
        [10.01, false],
      ],
    ],
    [
      'numeric > leaves out its bound',
      [{ numeric: ['>', 0] }],
      [
        [0.1, true],
        [0, false],
      ],
    ],
    [
      'numeric >= takes its bound',
      [{ numeric: ['>=', 0] }],
      [
        [0, true],
        [-0.1, false],
      ],
    ],
    [
      'a numeric range has two bounds',
      [{ numeric: ['>', 0, '<=', 5] }],
      [
        [5, true],
        [0, false],
        [5.1, false],
        [null, false],
      ],
    ],
    [
      'a numeric range may be open above',
      [{ numeric: ['>=', 0, '<', 5] }],
      [
        [0, true],
        [5, false],
      ],
    ],
    [
      'cidr takes IPv4 addresses of the block',
      [{ cidr: '10.0.0.0/24' }],
      [
        ['10.0.0.255', true],
        ['10.0.1.0', false],
        ['::a00:1', false],
        ['no address', false],
        [1, false],
      ],
    ],
    [
      'cidr takes all IPv4 addresses with no bits',
      [{ cidr: '0.0.0.0/0' }],
      [
        ['255.255.255.255', true],
        ['::1', false],
      ],
    ],
    [
      'cidr takes IPv6 addresses of the block',
      [{ cidr: '2001:db8::/32' }],
      [
        ['2001:DB8:ffff::1', true],
        ['2001:db9::1', false],
        ['10.0.0.1', false],
      ],
    ],
    [
      'wildcard stands for any text, also none',
      [{ wildcard: 'dir/*.png' }],
      [
        ['dir/a.png', true],
        ['dir/.png', true],
        ['dir/a.jpg', false],
        ['x/dir/a.png', false],
        [5, false],
      ],
    ],
    [
      'wildcards may be several',
      [{ wildcard: '*a*b*' }],
      [
        ['ab', true],
        ['xaybz', true],
        ['ba', false],
      ],
    ],
    [
      'wildcard parts do not overlap',
      [{ wildcard: 'aba*aba' }],
      [
        ['abaaba', true],
        ['ababa', false],
      ],
    ],
    [
      'a wildcard alone takes every string',
      [{ wildcard: '*' }],
      [
        ['', true],
        ['a', true],
        [1, false],
      ],
    ],
    [
      'a wildcard text without a star is exact',
      [{ wildcard: 'a' }],
      [
        ['a', true],
        ['ab', false],
      ],
    ],
    [
      'a backslash takes a star literally',
      [{ wildcard: 'a\\*b' }],
      [
        ['a*b', true],
        ['axb', false],
      ],
    ],
    [
      'a backslash takes a backslash literally',
      [{ wildcard: 'a\\\\*' }],
      [
        ['a\\x', true],
        ['a*', false],
      ],
    ],
    [
      'exists true takes any value, null too',
      [{ exists: true }],
      [
        [1, true],
        [null, true],
        ['', true],
        [false, true],
        [undefined, false],
        [[], false],
        [{ x: 1 }, false],
      ],
    ],
    [
      'exists false takes what is not there',
      [{ exists: false }],
      [
        [undefined, true],
        [null, false],
        ['', false],
        [[], true],
        [{ x: 1 }, true],
      ],
    ],
    [
      'exists false or a value takes both',
      [{ exists: false }, 'a'],
      [
        [undefined, true],
        ['a', true],
        ['b', false],
      ],
    ],
    [
      'an array matches when one element does',
      ['b'],
      [
        [['a', 'b'], true],
        [['a'], false],
        [[['a'], [['b']]], true],
        [[], false],
      ],
    ],
    [
      'an array of mixed types matches by element',
      [{ numeric: ['>', 3] }],
      [
        [['x', 4], true],
        [[null, 2], false],
      ],
    ],
  ];

for (const [name, values, cases] of vectors) {
  test.each(cases)(`compilePattern: ${name} (%j → %s)`, (value, expected) => {
    expect(matches({ field: values }, value === undefined ? {} : { field: value })).toBe(expected);
  });
}

test('matchesPattern wants every field of the pattern and ignores other fields of the event', () => {
  const pattern = { source: ['aws.secretsmanager'], detail: { eventName: ['RotationFailed'] } };
  const event = { source: 'aws.secretsmanager', region: 'x', detail: { eventName: 'RotationFailed', a: 1 } };
  expect(matches(pattern, event)).toBe(true);
  expect(matches(pattern, { ...event, source: 'aws.ec2' })).toBe(false);
  expect(matches(pattern, { ...event, detail: {} })).toBe(false);
  expect(matches(pattern, { source: 'aws.secretsmanager' })).toBe(false);
  expect(matches(pattern, { ...event, detail: 'RotationFailed' })).toBe(false);
});

test('matchesPattern takes fields of objects in arrays as if the array were not there', () => {
  const people = [[{ first: 'Anna', last: 'Smith' }], [{ first: 'Peter', last: 'Jones' }]];
  expect(matches({ people: { first: ['Anna'] } }, { people })).toBe(true);
  expect(matches({ people: { first: ['Anna'], last: ['Smith'] } }, { people })).toBe(true);
});

test('matchesPattern refuses a match that is put together from different elements of an array', () => {
  const people = [
    { first: 'Anna', last: 'Smith' },
    { first: 'Peter', last: 'Jones' },
  ];
  expect(matches({ people: { first: ['Anna'], last: ['Jones'] } }, { people })).toBe(false);
});

test('matchesPattern holds two arrays of scalars apart', () => {
  const event = { a: ['x', 'y'], b: [1, 2] };
  expect(matches({ a: ['y'], b: [1] }, event)).toBe(true);
  expect(matches({ a: ['y'], b: [3] }, event)).toBe(false);
});

test('exists false asks the whole event and not one element of an array', () => {
  expect(matches({ a: { b: [{ exists: false }] } }, { a: [{ b: 1 }, { c: 2 }] })).toBe(false);
  expect(matches({ a: { b: [{ exists: false }] } }, { a: [{ c: 2 }] })).toBe(true);
});

test('exists false holds when the parent is missing, empty or no object', () => {
  for (const event of [{}, { a: [] }, { a: {} }, { a: 'text' }, { a: [1, 'x'] }, { a: null }]) {
    expect(matches({ a: { b: [{ exists: false }] } }, event)).toBe(true);
    expect(matches({ a: { b: [{ exists: true }] } }, event)).toBe(false);
  }
});

test('$or wants one of its branches, at the top and below', () => {
  const pattern = {
    source: ['s'],
    $or: [{ a: [1] }, { b: [2], detail: { c: [3] } }],
    detail: { $or: [{ d: [4] }, { e: [{ exists: false }] }] },
  };
  expect(matches(pattern, { source: 's', a: 1, detail: { d: 4, e: 1 } })).toBe(true);
  expect(matches(pattern, { source: 's', b: 2, detail: { c: 3 } })).toBe(true);
  expect(matches(pattern, { source: 's', b: 2, detail: { c: 0 } })).toBe(false);
  expect(matches(pattern, { source: 's', a: 1, detail: { e: 1 } })).toBe(false);
  expect(matches(pattern, { source: 't', a: 1, detail: { d: 4 } })).toBe(false);
});

test('$or may stand in a branch of $or', () => {
  const pattern = { $or: [{ a: [1] }, { b: [2], $or: [{ c: [3] }, { d: [4] }] }] };
  expect(matches(pattern, { b: 2, d: 4 })).toBe(true);
  expect(matches(pattern, { b: 2, d: 5 })).toBe(false);
});

test('matchesPattern does not look at inherited members', () => {
  expect(matches({ constructor: { name: [{ exists: true }] } }, {})).toBe(false);
  expect(matches({ toString: [{ exists: false }] }, {})).toBe(true);
});
