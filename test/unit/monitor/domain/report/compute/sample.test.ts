import { expect, test } from 'vitest';
import { Sample } from '../../../../../../src/monitor/domain/report/compute/sample.ts';
import { named } from '../../../../../support/secrets.ts';

const ROWS = Array.from({ length: 500 }, (_, index) => ({ secretArn: named(`prod/${index}`).arn }));

function drawn(size: number, seed: string, rows = ROWS): readonly string[] {
  const sample = new Sample(size, seed);
  for (const row of rows) sample.offer(row);
  return sample.rows.map(({ secretArn }) => secretArn);
}

test('a sample depends on the seed and not on the order in which secrets come', () => {
  expect(drawn(25, 'a')).toHaveLength(25);
  expect(drawn(25, 'a', [...ROWS].reverse())).toEqual(drawn(25, 'a'));
  expect(drawn(25, 'b')).not.toEqual(drawn(25, 'a'));
});

test('a sample of more than there are is all of them', () => {
  expect(drawn(1000, 'a')).toHaveLength(ROWS.length);
});

test('every secret is drawn about as often as any other', () => {
  const times = new Map<string, number>();
  for (let seed = 0; seed < 200; seed++) {
    for (const arn of drawn(50, String(seed))) times.set(arn, (times.get(arn) ?? 0) + 1);
  }
  expect(times.size).toBe(ROWS.length);
  expect(Math.max(...times.values())).toBeLessThan(45);
});
