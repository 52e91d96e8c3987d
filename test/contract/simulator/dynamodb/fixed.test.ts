import { expect, test } from 'vitest';
import type { Input } from '../../../../src/simulator/call/service.ts';
import { ours, type Player, TABLE, theirs } from './oracle.ts';

const TableName = 'things';
const key = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
const full = {
  ...key('a', '1'),
  note: { S: 'Grüße, 𝔘nicode' },
  size2: { N: '3' },
  tally: { N: '007.50' },
  small: { N: '-1e-3' },
  octets: { B: 'AAEC' },
  yes: { BOOL: true },
  nil: { NULL: true },
  nick: { SS: ['x', 'y'] },
  numbers: { NS: ['1', '2.0'] },
  blobs: { BS: ['AA==', 'AQ=='] },
  parts: { L: [{ S: 'one' }, { N: '2' }, { M: { deep: { S: 'three' } } }] },
  tree: { M: { inner: { S: 'v' }, more: { L: [{ N: '1' }] } } },
};

const CONDITIONS: readonly [string, Record<string, unknown>?][] = [
  ['attribute_exists(note)'],
  ['attribute_exists(absent)'],
  ['attribute_not_exists(absent)'],
  ['attribute_not_exists(#n)', { names: { '#n': 'note' } }],
  ['attribute_type(octets, :t)', { values: { ':t': { S: 'B' } } }],
  ['attribute_type(octets, :t)', { values: { ':t': { S: 'X' } } }],
  ['attribute_type(octets, :t)', { values: { ':t': { N: '1' } } }],
  ['begins_with(note, :s)', { values: { ':s': { S: 'Gr' } } }],
  ['begins_with(note, :s)', { values: { ':s': { S: 'gr' } } }],
  ['begins_with(note, :s)', { values: { ':s': { N: '1' } } }],
  ['begins_with(note)'],
  ['begins_with(octets, :b)', { values: { ':b': { B: 'AAE=' } } }],
  ['contains(note, :s)', { values: { ':s': { S: 'nicode' } } }],
  ['contains(nick, :s)', { values: { ':s': { S: 'y' } } }],
  ['contains(numbers, :n)', { values: { ':n': { N: '2' } } }],
  ['contains(parts, :s)', { values: { ':s': { S: 'one' } } }],
  ['contains(parts, :s)', { values: { ':s': { S: 'two' } } }],
  ['contains(absent, :s)', { values: { ':s': { S: 'two' } } }],
  ['size(note) > :n', { values: { ':n': { N: '5' } } }],
  ['size(nick) = :n', { values: { ':n': { N: '2' } } }],
  ['size(absent) = :n', { values: { ':n': { N: '2' } } }],
  ['#c = :n', { names: { '#c': 'tally' }, values: { ':n': { N: '7.5' } } }],
  ['#c = :n', { names: { '#c': 'tally' }, values: { ':n': { S: '7.5' } } }],
  ['#c <> :n', { names: { '#c': 'tally' }, values: { ':n': { N: '7.5' } } }],
  ['absent <> :n', { values: { ':n': { N: '7.5' } } }],
  ['absent = :n', { values: { ':n': { N: '7.5' } } }],
  ['absent < :n', { values: { ':n': { N: '7.5' } } }],
  ['#c < :n', { names: { '#c': 'tally' }, values: { ':n': { N: '10' } } }],
  ['#c >= :n', { names: { '#c': 'tally' }, values: { ':n': { N: '7.50' } } }],
  ['#c <= :n', { names: { '#c': 'tally' }, values: { ':n': { N: '-1e5' } } }],
  ['#c > :n', { names: { '#c': 'tally' }, values: { ':n': { BOOL: true } } }],
  ['note > :s', { values: { ':s': { S: 'G' } } }],
  ['#c BETWEEN :a AND :b', { names: { '#c': 'tally' }, values: { ':a': { N: '7' }, ':b': { N: '8' } } }],
  ['#c BETWEEN :a AND :b', { names: { '#c': 'tally' }, values: { ':a': { N: '9' }, ':b': { N: '8' } } }],
  ['#c between :a and :b', { names: { '#c': 'tally' }, values: { ':a': { N: '7.6' }, ':b': { N: '8' } } }],
  ['#c IN (:a, :b)', { names: { '#c': 'tally' }, values: { ':a': { N: '7.5' }, ':b': { N: '8' } } }],
  ['#c IN (:a)', { names: { '#c': 'tally' }, values: { ':a': { N: '7' } } }],
  ['NOT attribute_exists(absent)'],
  ['attribute_exists(note) AND attribute_exists(absent)'],
  ['attribute_exists(note) OR attribute_exists(absent) AND attribute_exists(nothing)'],
  ['(attribute_exists(note) OR attribute_exists(absent)) AND attribute_exists(nothing)'],
  ['NOT attribute_exists(note) OR attribute_exists(octets)'],
  ['parts[0] = :s', { values: { ':s': { S: 'one' } } }],
  ['parts[2].deep = :s', { values: { ':s': { S: 'three' } } }],
  ['parts[9] = :s', { values: { ':s': { S: 'three' } } }],
  ['#m.more[0] = :n', { names: { '#m': 'tree' }, values: { ':n': { N: '1' } } }],
  ['#m.#i = :s', { names: { '#m': 'tree', '#i': 'inner' }, values: { ':s': { S: 'v' } } }],
  ['yes = :b', { values: { ':b': { BOOL: true } } }],
  ['nick = :b', { values: { ':b': { SS: ['y', 'x'] } } }],
  ['nick = :b', { values: { ':b': { SS: ['y'] } } }],
  ['count = :n', { values: { ':n': { N: '7.5' } } }],
  ['until = :n', { values: { ':n': { N: '7.5' } } }],
  ['note = note'],
  ['#x = :n', { values: { ':n': { N: '1' } } }],
  ['note = :absent'],
  ['note = :s', { values: { ':s': { S: 'a' }, ':unused': { S: 'b' } } }],
  ['note = :s', { names: { '#unused': 'b' }, values: { ':s': { S: 'a' } } }],
  ['note = :s', { values: { s: { S: 'a' } } }],
  ['note = :s', { values: {} }],
  ['note = :s', { values: { ':s': { N: 'abc' } } }],
  ['attribute_exists(:s)', { values: { ':s': { S: 'a' } } }],
  ['unknown_function(note)'],
  ['attribute_exists(note, octets)'],
  ['note'],
  ['note = '],
  ['= note'],
  [''],
  ['note & octets'],
];

const UPDATES: readonly [string, Record<string, unknown>?][] = [
  ['SET note = :s', { values: { ':s': { S: 'new' } } }],
  ['SET fresh = if_not_exists(fresh, :s)', { values: { ':s': { S: 'new' } } }],
  ['SET note = if_not_exists(note, :s)', { values: { ':s': { S: 'new' } } }],
  ['SET #c = #c + :n', { names: { '#c': 'tally' }, values: { ':n': { N: '0.5' } } }],
  ['SET #c = #c - :n', { names: { '#c': 'tally' }, values: { ':n': { N: '8' } } }],
  ['SET #c = :n + #c', { names: { '#c': 'tally' }, values: { ':n': { N: '1e10' } } }],
  ['SET #c = absent + :n', { names: { '#c': 'tally' }, values: { ':n': { N: '1' } } }],
  ['SET #c = note + :n', { names: { '#c': 'tally' }, values: { ':n': { N: '1' } } }],
  ['SET #c = #c + :s', { names: { '#c': 'tally' }, values: { ':s': { S: '1' } } }],
  ['SET note = octets, octets = note'],
  ['SET parts = list_append(parts, :l)', { values: { ':l': { L: [{ S: 'end' }] } } }],
  ['SET parts = list_append(:l, parts)', { values: { ':l': { L: [{ S: 'end' }] } } }],
  ['SET parts = list_append(note, :l)', { values: { ':l': { L: [] } } }],
  ['SET parts[1] = :s', { values: { ':s': { S: 'changed' } } }],
  ['SET parts[7] = :s', { values: { ':s': { S: 'changed' } } }],
  ['SET parts[2].deep = :s', { values: { ':s': { S: 'changed' } } }],
  ['SET #m.fresh = :s', { names: { '#m': 'tree' }, values: { ':s': { S: 'changed' } } }],
  ['SET absent.fresh = :s', { values: { ':s': { S: 'changed' } } }],
  ['SET note.fresh = :s', { values: { ':s': { S: 'changed' } } }],
  ['REMOVE note'],
  ['REMOVE absent'],
  ['REMOVE parts[0]'],
  ['REMOVE #m.inner, octets', { names: { '#m': 'tree' } }],
  ['ADD #c :n', { names: { '#c': 'tally' }, values: { ':n': { N: '1' } } }],
  ['ADD fresh :n', { values: { ':n': { N: '1' } } }],
  ['ADD nick :s', { values: { ':s': { SS: ['x', 'z'] } } }],
  ['ADD fresh :s', { values: { ':s': { SS: ['x', 'z'] } } }],
  ['ADD nick :s', { values: { ':s': { NS: ['1'] } } }],
  ['ADD nick :s', { values: { ':s': { S: 'x' } } }],
  ['ADD note :s', { values: { ':s': { N: '1' } } }],
  ['DELETE nick :s', { values: { ':s': { SS: ['x'] } } }],
  ['DELETE nick :s', { values: { ':s': { SS: ['x', 'y'] } } }],
  ['DELETE absent :s', { values: { ':s': { SS: ['x', 'y'] } } }],
  ['DELETE nick :s', { values: { ':s': { N: '1' } } }],
  ['SET note = :s REMOVE octets ADD nick :n', { values: { ':s': { S: 'a' }, ':n': { SS: ['q'] } } }],
  ['SET note = :s SET octets = :s', { values: { ':s': { S: 'a' } } }],
  ['SET note = :s REMOVE note', { values: { ':s': { S: 'a' } } }],
  ['SET #m.inner = :s, #m = :s', { names: { '#m': 'tree' }, values: { ':s': { S: 'a' } } }],
  ['SET pk = :s', { values: { ':s': { S: 'a' } } }],
  ['SET rank = :s', { values: { ':s': { S: 'a' } } }],
  ['SET #o = :s', { names: { '#o': 'owner' }, values: { ':s': { S: 'me' } } }],
  ['SET note = missing_function(note, :s)', { values: { ':s': { S: 'a' } } }],
  ['SET note = if_not_exists(:s, :s)', { values: { ':s': { S: 'a' } } }],
  ['SET note = if_not_exists(note)'],
  ['SET count = :s', { values: { ':s': { S: 'a' } } }],
  ['CHANGE note'],
  [''],
];

const VALUES: readonly unknown[] = [
  {},
  { S: 'a', N: '1' },
  { N: '' },
  { N: 'one' },
  { N: '1e126' },
  { N: '1e-131' },
  { N: '123456789012345678901234567890123456789' },
  { N: '12345678901234567890123456789012345678' },
  { N: '-0' },
  { N: '0.00100' },
  { N: '1E5' },
  { NULL: false },
  { SS: [] },
  { NS: [] },
  { BS: [] },
  { SS: ['a', 'a'] },
  { NS: ['1', '1.0'] },
  { BS: ['AA==', 'AA=='] },
  { L: [{ S: '' }, {}] },
  { M: { deep: { N: 'x' } } },
  { S: '' },
  { B: '' },
  { B: 'not base64!' },
  { L: [] },
  { M: {} },
  { S: 5 },
  { S: true },
  { SS: 'a' },
  'a',
  { BOOL: 'maybe' },
];

const PUTS: readonly Input[] = [
  { Item: { pk: { S: 'a' } } },
  { Item: { pk: { S: '' }, sk: { S: 'b' } } },
  { Item: { pk: { N: '1' }, sk: { S: 'b' } } },
  { Item: { ...key('k'.repeat(2048), 'b') } },
  { Item: { ...key('k'.repeat(2049), 'b') } },
  { Item: { ...key('k', 'b'.repeat(1024)) } },
  { Item: { ...key('k', 'b'.repeat(1025)) } },
  { Item: { ...key('a', 'b'), rank: { S: 'x' } } },
  { Item: { ...key('a', 'b'), big: { S: 'x'.repeat(409_590) } } },
  { Item: { ...key('a', 'b'), big: { S: 'x'.repeat(409_600) } } },
  { Item: key('a', 'b'), ReturnValues: 'ALL_NEW' },
  { Item: key('a', 'b'), ReturnValues: 'ALL_OLD' },
  { Item: key('a', 'b'), ExpressionAttributeNames: { '#a': 'b' } },
  { Item: key('a', 'b'), ExpressionAttributeValues: { ':a': { S: 'b' } } },
  { Item: key('a', 'b'), ReturnConsumedCapacity: 'TOTAL' },
  { Item: { ...key('a', 'b'), big: { S: 'x'.repeat(5000) } }, ReturnConsumedCapacity: 'INDEXES' },
];

const QUERIES: readonly [string, Record<string, unknown>, Input?][] = [
  ['pk = :p', { ':p': { S: 'p' } }],
  ['pk = :p', { ':p': { S: 'p' } }, { ScanIndexForward: false }],
  ['pk = :p', { ':p': { S: 'p' } }, { Limit: 3 }],
  ['pk = :p', { ':p': { S: 'p' } }, { Limit: 2, ScanIndexForward: false }],
  ['pk = :p', { ':p': { S: 'p' } }, { Select: 'COUNT' }],
  ['pk = :p', { ':p': { S: 'p' } }, { ProjectionExpression: 'sk, score' }],
  ['pk = :p', { ':p': { S: 'p' } }, { ReturnConsumedCapacity: 'TOTAL' }],
  ['pk = :p', { ':p': { S: 'p' } }, { ReturnConsumedCapacity: 'TOTAL', ConsistentRead: true }],
  ['pk = :p', { ':p': { S: 'nobody' } }],
  ['pk = :p', { ':p': { N: '1' } }],
  ['pk = :p AND sk = :s', { ':p': { S: 'p' }, ':s': { S: 'b' } }],
  ['sk = :s AND pk = :p', { ':p': { S: 'p' }, ':s': { S: 'b' } }],
  [':p = pk AND :s < sk', { ':p': { S: 'p' }, ':s': { S: 'b' } }],
  ['pk = :p AND sk < :s', { ':p': { S: 'p' }, ':s': { S: 'c' } }],
  ['pk = :p AND sk <= :s', { ':p': { S: 'p' }, ':s': { S: 'c' } }],
  ['pk = :p AND sk > :s', { ':p': { S: 'p' }, ':s': { S: 'c' } }],
  ['pk = :p AND sk >= :s', { ':p': { S: 'p' }, ':s': { S: 'c' } }],
  ['pk = :p AND begins_with(sk, :s)', { ':p': { S: 'p' }, ':s': { S: 'b' } }],
  ['pk = :p AND sk BETWEEN :s AND :t', { ':p': { S: 'p' }, ':s': { S: 'b' }, ':t': { S: 'd' } }],
  ['pk = :p AND sk <> :s', { ':p': { S: 'p' }, ':s': { S: 'c' } }],
  ['pk = :p OR sk = :s', { ':p': { S: 'p' }, ':s': { S: 'c' } }],
  ['pk = :p AND contains(sk, :s)', { ':p': { S: 'p' }, ':s': { S: 'c' } }],
  ['pk > :p', { ':p': { S: 'p' } }],
  ['sk = :s', { ':s': { S: 'c' } }],
  ['pk = :p AND score = :s', { ':p': { S: 'p' }, ':s': { N: '1' } }],
  ['pk = :p AND pk = :p', { ':p': { S: 'p' } }],
  ['pk.inner = :p', { ':p': { S: 'p' } }],
  ['#o = :o', { ':o': { S: 'x' } }, { IndexName: 'by-owner', ExpressionAttributeNames: { '#o': 'owner' } }],
  ['#o = :o', { ':o': { S: 'x' } }, { IndexName: 'owners', ExpressionAttributeNames: { '#o': 'owner' } }],
  ['#o = :o', { ':o': { S: 'x' } }, { IndexName: 'nothing', ExpressionAttributeNames: { '#o': 'owner' } }],
  [
    '#o = :o',
    { ':o': { S: 'x' } },
    { IndexName: 'by-owner', ConsistentRead: true, ExpressionAttributeNames: { '#o': 'owner' } },
  ],
  [
    '#o = :o AND rank > :r',
    { ':o': { S: 'x' }, ':r': { N: '9' } },
    { IndexName: 'by-owner', ExpressionAttributeNames: { '#o': 'owner' } },
  ],
  [
    '#o = :o',
    { ':o': { S: 'x' } },
    { IndexName: 'by-owner', Limit: 2, ExpressionAttributeNames: { '#o': 'owner' } },
  ],
  [
    '#o = :o',
    { ':o': { S: 'x' } },
    { IndexName: 'by-owner', ScanIndexForward: false, ExpressionAttributeNames: { '#o': 'owner' } },
  ],
  ['pk = :p', { ':p': { S: 'p' }, ':f': { N: '3' } }, { FilterExpression: 'score > :f' }],
  ['pk = :p', { ':p': { S: 'p' }, ':f': { N: '3' } }, { FilterExpression: 'score > :f', Limit: 4 }],
  ['pk = :p', { ':p': { S: 'p' }, ':f': { S: '3' } }, { FilterExpression: 'sk > :f' }],
  ['pk = :p', { ':p': { S: 'p' } }, { ExclusiveStartKey: { pk: { S: 'p' }, sk: { S: 'b' } } }],
  ['pk = :p', { ':p': { S: 'p' } }, { ExclusiveStartKey: { pk: { S: 'p' }, sk: { S: 'bb' } } }],
  ['pk = :p', { ':p': { S: 'p' } }, { ExclusiveStartKey: { pk: { S: 'other' }, sk: { S: 'b' } } }],
  ['pk = :p', { ':p': { S: 'p' } }, { ExclusiveStartKey: { pk: { S: 'p' } } }],
  [
    'pk = :p AND sk < :s',
    { ':p': { S: 'p' }, ':s': { S: 'c' } },
    { ExclusiveStartKey: { pk: { S: 'p' }, sk: { S: 'd' } } },
  ],
];

async function both(seed: readonly Input[]): Promise<readonly [Player, Player]> {
  const players = [ours(), theirs()] as const;
  for (const player of players) {
    await player.play('CreateTable', TABLE);
    for (const Item of seed) await player.play('PutItem', { TableName, Item });
  }
  return players;
}

/** Returns both answers to one request, and the item `a`, `1` after it. */
async function held(operation: string, input: Input, seed: readonly Input[]) {
  const [mine, yours] = await both(seed);
  const outcomes = [];
  for (const player of [mine, yours]) {
    const outcome = await player.play(operation, { TableName, ...input });
    const after = await player.play('GetItem', { TableName, Key: key('a', '1'), ConsistentRead: true });
    outcomes.push({ outcome: withoutSyntax(outcome), after: sortedSets(after) });
  }
  return outcomes;
}

/** The place of a fault in the text is described in words that neither has recorded well. */
const withoutSyntax = (outcome: unknown) =>
  JSON.parse(JSON.stringify(sortedSets(outcome)).replace(/Syntax error;(?:[^"\\]|\\.)*/, 'Syntax error'));

/** Sets have no order. */
function sortedSets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedSets);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [
    name,
    /^[SNB]S$/.test(name) && Array.isArray(part) ? part.toSorted() : sortedSets(part),
  ]);
  return Object.fromEntries(entries);
}

/** Known differences between dynalite and DynamoDB, with DynamoDB's behaviour. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  [
    'delete if #c > :n {"names":{"#c":"tally"},"values":{":n":{"BOOL":true}}}',
    'DynamoDB orders strings, numbers and binary, and refuses all else',
  ],
  [
    'query #o = :o {"IndexName":"owners","ExpressionAttributeNames":{"#o":"owner"}}',
    'items with the same key of an index have no order',
  ],
]);

function rows(): readonly [string, string, Input, readonly Input[]][] {
  const written = { names: undefined, values: undefined };
  const of = (given: Record<string, unknown> = written) => ({
    ...(given['names'] === undefined ? {} : { ExpressionAttributeNames: given['names'] }),
    ...(given['values'] === undefined ? {} : { ExpressionAttributeValues: given['values'] }),
  });
  const letters = [...'abcde', 'ba', 'bb'];
  const many = letters.map((sk, at) => ({
    ...key('p', sk),
    score: { N: String(at) },
    ...(at % 2 === 0 ? { owner: { S: 'x' }, rank: { N: String(12 - at * 2) } } : {}),
  }));
  return [
    ...CONDITIONS.map(([ConditionExpression, given]): [string, string, Input, readonly Input[]] => [
      `delete if ${ConditionExpression} ${JSON.stringify(given ?? {})}`,
      'DeleteItem',
      { Key: key('a', '1'), ConditionExpression, ...of(given) },
      [full],
    ]),
    ...UPDATES.map(([UpdateExpression, given]): [string, string, Input, readonly Input[]] => [
      `update ${UpdateExpression} ${JSON.stringify(given ?? {})}`,
      'UpdateItem',
      { Key: key('a', '1'), UpdateExpression, ReturnValues: 'ALL_NEW', ...of(given) },
      [full],
    ]),
    ...UPDATES.slice(0, 12).map(([UpdateExpression, given]): [string, string, Input, readonly Input[]] => [
      `update of nothing ${UpdateExpression}`,
      'UpdateItem',
      { Key: key('a', '1'), UpdateExpression, ReturnValues: 'UPDATED_NEW', ...of(given) },
      [],
    ]),
    ...VALUES.map((value): [string, string, Input, readonly Input[]] => [
      `put ${JSON.stringify(value)}`,
      'PutItem',
      { Item: { ...key('a', '1'), value } },
      [],
    ]),
    ...PUTS.map((input, at): [string, string, Input, readonly Input[]] => [
      `put ${at}: ${JSON.stringify(input).slice(0, 60)}`,
      'PutItem',
      input,
      [],
    ]),
    ...QUERIES.map(
      ([KeyConditionExpression, ExpressionAttributeValues, more]): [
        string,
        string,
        Input,
        readonly Input[],
      ] => [
        `query ${KeyConditionExpression} ${JSON.stringify(more ?? {})}`,
        'Query',
        { KeyConditionExpression, ExpressionAttributeValues, ...more },
        many,
      ],
    ),
  ];
}

test.each(rows())('%s', async (name, operation, input, seed) => {
  const [mine, yours] = await held(operation, input, seed);
  const difference = DIFFERENCES.get(name);
  if (difference === undefined) expect(mine).toEqual(yours);
  else expect(mine, `no longer different: ${difference}`).not.toEqual(yours);
});
