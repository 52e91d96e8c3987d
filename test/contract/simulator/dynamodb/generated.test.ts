import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Input } from '../../../../src/simulator/call/service.ts';
import { type Outcome, ours, type Player, TABLE, theirs } from './oracle.ts';

const TableName = 'things';
const text = fc.constantFrom('a', 'b', 'ab', 'é', '𝔘', '￿', '~', '');
const part = fc.constantFrom('a', 'b', 'ab', 'é', 'z');
const number = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map(String),
  fc.constantFrom('0.5', '-0.5', '1e3', '-1e-3', '99999999999999999999'),
);
const scalar = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.uniqueArray(part, { minLength: 1, maxLength: 3 }).map((SS) => ({ SS: SS.toSorted() })),
);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }).map((L) => ({ L })),
  fc.dictionary(fc.constantFrom('in', 'out'), scalar).map((M) => ({ M })),
);
const key = fc.record({ pk: part.map((S) => ({ S })), sk: part.map((S) => ({ S })) });
const owner = { owner: part.map((S) => ({ S })), rank: number.map((N) => ({ N })) };
const item = fc
  .tuple(key, fc.record({ x: value, y: value, ...owner }, { requiredKeys: [] }))
  .map(([own, more]) => ({ ...own, ...more }));

const names = { '#x': 'x', '#y': 'y' };
const path = fc.constantFrom('#x', '#y', '#x.#y', '#x[0]', '#y[1]');
// dynalite lets values be ordered that have no order; `:o` always has one.
const comparison = fc
  .tuple(path, fc.constantFrom('= :v', '<> :v', '< :o', '<= :o', '> :o', '>= :o'))
  .map((words) => words.join(' '));
const call = fc
  .tuple(
    fc.constantFrom('attribute_exists(#)', 'attribute_not_exists(#)', 'contains(#, :v)', 'size(#) > :o'),
    path,
  )
  .map(([form, of]) => form.replace('#', of));
const simple = fc.oneof(comparison, call);
const condition = fc.oneof(
  simple,
  simple.map((one) => `NOT ${one}`),
  fc.tuple(simple, fc.constantFrom('AND', 'OR'), simple).map((words) => words.join(' ')),
);
const change = fc.oneof(
  path.map((to) => `SET ${to} = :w`),
  path.map((to) => `SET ${to} = if_not_exists(${to}, :w)`),
  fc.constantFrom('SET #x = #x + :w', 'SET #y = #x', 'SET #x = #y, #y = #x', 'ADD #x :w', 'DELETE #x :w'),
  path.map((from) => `REMOVE ${from}`),
);

/** Only the placeholders that an expression uses may be given. */
function filled(input: Input, values: Readonly<Record<string, unknown>>): Input {
  const written = Object.entries(input)
    .filter(([name]) => name.endsWith('Expression'))
    .map(([, expression]) => String(expression))
    .join(' ');
  const used = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => written.includes(name)));
  const [usedNames, usedValues] = [used(names), used(values)];
  return {
    TableName,
    ...input,
    ...(Object.keys(usedNames).length === 0 ? {} : { ExpressionAttributeNames: usedNames }),
    ...(Object.keys(usedValues).length === 0 ? {} : { ExpressionAttributeValues: usedValues }),
  };
}

const ordered = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
);
const given = fc.record({ ':v': scalar, ':w': value, ':o': ordered });
const write: fc.Arbitrary<readonly [string, Input]> = fc.oneof(
  fc.tuple(item, fc.option(condition), given).map(([Item, ConditionExpression, values]) => {
    const input = ConditionExpression === null ? { Item } : { Item, ConditionExpression };
    return ['PutItem', filled(input, values)] as const;
  }),
  fc
    .tuple(key, change, fc.option(condition), given)
    .map(([Key, UpdateExpression, ConditionExpression, values]) => {
      const input = { Key, UpdateExpression, ReturnValues: 'ALL_NEW' };
      return [
        'UpdateItem',
        filled(ConditionExpression === null ? input : { ...input, ConditionExpression }, values),
      ] as const;
    }),
  fc.tuple(key, condition, given).map(([Key, ConditionExpression, values]) => {
    return ['DeleteItem', filled({ Key, ConditionExpression, ReturnValues: 'ALL_OLD' }, values)] as const;
  }),
);

const asked = fc.record({
  of: part,
  range: fc.constantFrom(
    '',
    ' AND sk > :s',
    ' AND sk <= :s',
    ' AND begins_with(sk, :s)',
    ' AND sk BETWEEN :s AND :t',
  ),
  bounds: fc.tuple(part, part).map(([one, two]) => (one < two ? [one, two] : [two, one])),
  ScanIndexForward: fc.boolean(),
  Limit: fc.integer({ min: 1, max: 4 }),
});

/** Every page of a query, one after the other. */
async function pages(player: Player, query: Input): Promise<readonly Outcome[]> {
  const all: Outcome[] = [];
  let start: unknown;
  do {
    const outcome = await player.play(
      'Query',
      start === undefined ? query : { ...query, ExclusiveStartKey: start },
    );
    all.push(outcome);
    start =
      'answer' in outcome ? (outcome.answer as { LastEvaluatedKey?: unknown }).LastEvaluatedKey : undefined;
  } while (start !== undefined && all.length < 40);
  return all;
}

/** dynalite refuses keys that its own pages ended with, where a range is read. */
const refusesItsOwn = (all: readonly Outcome[]): boolean =>
  all.some((outcome) => 'message' in outcome && outcome.message.includes('range key predicate'));

test('whatever is written and asked, both answer and refuse the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 12 }), asked, async (script, query) => {
      const [mine, yours] = [ours(), theirs()];
      for (const player of [mine, yours]) await player.play('CreateTable', TABLE);
      for (const [operation, input] of script) {
        const outcome = await mine.play(operation, input);
        expect(told(outcome), JSON.stringify([operation, input])).toEqual(
          told(await yours.play(operation, input)),
        );
      }
      const { of, range, bounds, ...how } = query;
      const values = { ':p': { S: of }, ':s': { S: bounds[0] }, ':t': { S: bounds[1] } };
      const asking = filled({ KeyConditionExpression: `pk = :p${range}`, ...how }, values);
      const theirPages = await pages(yours, asking);
      if (!refusesItsOwn(theirPages)) expect(told(await pages(mine, asking))).toEqual(told(theirPages));
      const all = (await mine.play('Scan', { TableName })) as { answer: { Items: unknown[] } };
      const allOfTheirs = (await yours.play('Scan', { TableName })) as { answer: { Items: unknown[] } };
      expect(shown(all.answer.Items)).toEqual(shown(allOfTheirs.answer.Items));
    }),
    { numRuns: Number(process.env['RUNS'] ?? 60) },
  );
});

/** The order of sets says nothing. */
const told = (outcome: unknown): unknown =>
  JSON.parse(
    JSON.stringify(outcome, (name, part) => (name === 'SS' && Array.isArray(part) ? part.toSorted() : part)),
  );

const shown = (items: readonly unknown[]) => items.map((each) => JSON.stringify(sorted(each))).toSorted();

const sorted = (item: unknown) =>
  Object.fromEntries(Object.entries(told(item) as object).toSorted(([one], [two]) => (one < two ? -1 : 1)));
