import { expect, test } from 'vitest';
import { without } from '../../../../peers/support/normal.ts';
import {
  type Case,
  type Explanation,
  isUnsettled,
  outcomeOf,
  type Peer,
} from '../../../../peers/support/peer.ts';

const WRONG: Explanation = {
  cases: /^a$/,
  why: 'The peer is wrong.',
  source: 'https://docs.aws.amazon.com/',
  rest: without('extra'),
};

const peerWith = (...explained: readonly Explanation[]): Peer => ({
  name: 'peer',
  software: 'Peer',
  version: '1.0.0',
  from: 'PyPI',
  against: '`simulate`',
  needs: [],
  limits: 'None.',
  explained,
  install: async () => undefined,
  run: async () => [],
});

const answered = (cases: readonly Case[]) => ({ cases, notes: [], isHeld: true });

const agreed = { name: 'b', theirs: { x: [1] }, ours: { x: [1] } };

test('answers that are alike settle a peer', () => {
  const outcome = outcomeOf(peerWith(), answered([agreed]));
  expect(outcome).toMatchObject({ cases: 1, differences: [] });
  expect(isUnsettled(outcome)).toBe(false);
});

test('a difference that nothing explains leaves a peer unsettled', () => {
  const outcome = outcomeOf(
    peerWith(WRONG),
    answered([
      { name: 'a', theirs: { x: 1, extra: 2 }, ours: { x: 1 } },
      { name: 'c', theirs: 1, ours: 2 },
    ]),
  );
  expect(outcome.differences.map(({ explanation }) => explanation)).toEqual([WRONG, undefined]);
  expect(isUnsettled(outcome)).toBe(true);
});

test('an explanation hides no other difference in the same case', () => {
  const outcome = outcomeOf(
    peerWith(WRONG),
    answered([{ name: 'a', theirs: { x: 1, extra: 2 }, ours: { x: 3 } }]),
  );
  expect(outcome.differences[0]?.explanation).toBeUndefined();
});

test('an explanation that no longer explains anything leaves a peer unsettled', () => {
  const outcome = outcomeOf(peerWith(WRONG), answered([agreed]));
  expect(outcome.stale).toEqual([WRONG]);
  expect(isUnsettled(outcome)).toBe(true);
});
