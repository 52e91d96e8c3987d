import { expect, test } from 'vitest';
import {
  MAX_WORST_SECRETS,
  type PendingAge,
  withPendingAge,
  worstDatapoints,
} from '../../../../../src/monitor/domain/sweep/worst-pending.ts';

const aged = (seconds: number): PendingAge => ({ secretName: `secret-${seconds}`, seconds });
const all = (count: number): readonly PendingAge[] =>
  Array.from({ length: count }, (_, index) => aged(index + 1)).reduce(
    withPendingAge,
    [] as readonly PendingAge[],
  );

test('the oldest come first, in whatever order they were seen', () => {
  const worst = [aged(20), aged(30), aged(10)].reduce(withPendingAge, [] as readonly PendingAge[]);
  expect(worst.map(({ seconds }) => seconds)).toEqual([30, 20, 10]);
});

test('no more are kept than can ever have a series', () => {
  expect(all(MAX_WORST_SECRETS)).toHaveLength(MAX_WORST_SECRETS);
  expect(all(MAX_WORST_SECRETS + 1)).toHaveLength(MAX_WORST_SECRETS);
  expect(all(MAX_WORST_SECRETS + 1).at(-1)).toEqual(aged(2));
});

test('only as many as the setting says become metrics, each named by its secret', () => {
  expect(worstDatapoints(all(9), 2)).toEqual([
    { name: 'PendingAge', value: 9, dimensions: { SecretName: 'secret-9' } },
    { name: 'PendingAge', value: 8, dimensions: { SecretName: 'secret-8' } },
  ]);
  expect(worstDatapoints(all(9), 0)).toEqual([]);
});
