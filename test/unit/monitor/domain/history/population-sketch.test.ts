import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arnHash } from '../../../../../src/monitor/domain/arn-hash.ts';
import { PopulationSketch } from '../../../../../src/monitor/domain/history/population-sketch.ts';
import { named } from '../../../../support/secrets.ts';

const sketchOf = (names: readonly string[]): PopulationSketch => {
  const sketch = new PopulationSketch();
  for (const name of names) sketch.add(named(name).arn);
  return sketch;
};
const hashes = (names: readonly string[]): readonly string[] =>
  names.map((name) => arnHash(named(name).arn)).sort();
const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}/${index}`);

test('the difference of two sketches names what came and what went, in whatever order it was added', () => {
  const names = fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }).map(String), { maxLength: 10 });
  fc.assert(
    fc.property(names, names, (came, went) => {
      const stayed = numbered('stays', 300);
      const before = sketchOf([...went.map((name) => `went/${name}`), ...stayed]);
      const after = sketchOf([...stayed, ...came.map((name) => `came/${name}`)].reverse());
      const difference = after.since(before);
      // Two keys may share all their cells: then nothing is named.
      if (difference === undefined) return;
      expect([...difference.added].sort()).toEqual(hashes(came.map((name) => `came/${name}`)));
      expect([...difference.removed].sort()).toEqual(hashes(went.map((name) => `went/${name}`)));
    }),
  );
});

test('a sketch that was kept as numbers goes on where it was', () => {
  const kept: readonly number[] = JSON.parse(JSON.stringify(sketchOf(numbered('a', 50)).cells));
  const again = new PopulationSketch(kept);
  again.add(named('one-more').arn);
  expect(again.since(sketchOf(numbered('a', 50)))).toEqual({ added: hashes(['one-more']), removed: [] });
});

test('fifty differences at once are named', () => {
  const difference = sketchOf(numbered('came', 25)).since(sketchOf(numbered('went', 25)));
  expect(difference?.added).toHaveLength(25);
  expect(difference?.removed).toHaveLength(25);
});

test('too many differences are not told apart, and none is invented', () => {
  expect(sketchOf(numbered('a', 500)).since(sketchOf([]))).toBeUndefined();
});

test('cells of another size count as none', () => {
  expect(new PopulationSketch([1, 2, 3]).since(sketchOf([]))).toEqual({ added: [], removed: [] });
});

test('the size does not grow with the set', () => {
  expect(sketchOf(numbered('a', 2000)).cells).toHaveLength(sketchOf([]).cells.length);
});
