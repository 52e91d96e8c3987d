import { expect, test } from 'vitest';
import { later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  behindBoth,
  comparedAll,
  type MovesProgress,
  MovesRound,
} from '../../../../../src/monitor/domain/sweep/moves-round.ts';
import { NOW } from '../../../../support/builders.ts';
import { named } from '../../../../support/secrets.ts';

const changed = (name: string, agoMs: number) => named(name, { lastChangedAt: later(NOW, -agoMs) });
const round = (progress: MovesProgress | undefined, startedAt = NOW) =>
  new MovesRound(progress, { startedAt, most: 2 });
const names = ({ due }: MovesRound) => due.map(({ name }) => name);
const SINCE = comparedAll(later(NOW, -5 * MINUTE));

test('before the first complete sweep nothing is compared', () => {
  const first = round(undefined);
  first.offer(changed('a', MINUTE));
  expect(names(first)).toEqual([]);
  expect(first.next(0)).toEqual(comparedAll(NOW));
});

test('what changed up to ten minutes before the last complete sweep is compared, in the order of change', () => {
  const next = round(SINCE);
  next.offer(changed('b', MINUTE));
  next.offer(changed('a', 15 * MINUTE));
  next.offer(changed('old', 15 * MINUTE + 1));
  next.offer(named('undated'));
  expect(names(next)).toEqual(['a', 'b']);
  expect(next.next(0)).toEqual(comparedAll(NOW));
});

test('a round of several sweeps takes each secret once, ties by their ARN, and ends where the first of them began', () => {
  const all = ['e', 'd', 'c', 'b', 'a'].map((name) => changed(name, MINUTE));
  const taken: string[] = [];
  let progress: MovesProgress | undefined = SINCE;
  for (let sweep = 0; sweep < 3; sweep++) {
    const each = round(progress, later(NOW, sweep * 5 * MINUTE));
    for (const secret of all) each.offer(secret);
    taken.push(...names(each));
    progress = each.next(0);
  }
  expect(taken).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(progress).toEqual(comparedAll(NOW));
});

test('a round in which a secret failed is made again from its beginning, after all others had their turn', () => {
  const all = ['a', 'b', 'c'].map((name) => changed(name, MINUTE));
  const first = round(SINCE);
  for (const secret of all) first.offer(secret);
  const second = round(first.next(1), later(NOW, 5 * MINUTE));
  for (const secret of all) second.offer(secret);
  expect(names(second)).toEqual(['c']);
  expect(second.next(0)).toEqual(SINCE);
});

test('of two invocations of a sweep the one that is further behind decides', () => {
  const rest = (name: string, hasFailed: boolean): MovesProgress => ({
    since: SINCE.since,
    round: { startedAt: NOW, after: { changedAt: NOW, arn: name }, hasFailed },
  });
  expect(behindBoth(comparedAll(NOW), undefined)).toEqual(comparedAll(NOW));
  expect(behindBoth(comparedAll(NOW), SINCE)).toEqual(SINCE);
  expect(behindBoth(comparedAll(NOW), rest('b', false))).toEqual(rest('b', false));
  expect(behindBoth(rest('b', true), rest('a', false))).toEqual(rest('a', true));
});
