import { expect, test } from 'vitest';
import { HOUR, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  judgeListed,
  judgeMove,
  type MoveHint,
  type MoveRecord,
  nextMove,
} from '../../../../../src/monitor/domain/rotation/move.ts';
import { aSecret, CURRENT, NOW, PENDING, PREVIOUS } from '../../../../support/builders.ts';

const MOVED = { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] };
const moved = aSecret({ versionStages: MOVED, lastChangedAt: NOW });
const hint = (given: Partial<MoveHint> = {}): MoveHint => ({
  versionId: PENDING,
  at: NOW,
  isExact: true,
  ...given,
});
const record = (given: Partial<MoveRecord> = {}): MoveRecord => ({
  secretArn: moved.arn,
  versionId: CURRENT,
  previousVersionId: PREVIOUS,
  changedAt: later(NOW, -HOUR),
  sequence: 7,
  revision: 3,
  isTold: true,
  asOf: undefined,
  ...given,
});
const judged = (
  stored: MoveRecord | undefined,
  given: Partial<Parameters<typeof judgeMove>[1]> = {},
): string => {
  const facts = { hint: hint(), secret: moved, now: later(NOW, SECOND), isLast: false, ...given };
  const verdict = judgeMove(stored, facts);
  return verdict.kind === 'moved' ? `${verdict.versionId} at ${verdict.at - NOW}` : verdict.kind;
};

test('a look that agrees gives the version, at the time of the event', () => {
  expect(judged(undefined)).toBe(`${PENDING} at 0`);
  expect(judged(record())).toBe(`${PENDING} at 0`);
});

test.each([
  ['names the version that was reported', record({ versionId: PENDING, changedAt: later(NOW, -MINUTE) })],
  ['is older than the last reported move', record({ changedAt: later(NOW, 1) })],
])('an event that %s is done, whatever the look shows', (_case, stored) => {
  expect(judged(stored, { secret: aSecret() })).toBe('done');
});

test('a look that is older, failed or shows no version in use waits, five minutes at most', () => {
  const looks = [aSecret(), undefined, aSecret({ versionStages: {} })];
  expect(looks.map((secret) => judged(record(), { secret }))).toEqual(['wait', 'wait', 'wait']);
  const now = later(NOW, 5 * MINUTE);
  expect(looks.map((secret) => judged(record(), { secret, now }))).toEqual([
    `${CURRENT} at 0`,
    'done',
    'done',
  ]);
  expect(judged(undefined, { secret: aSecret(), now })).toBe(`${CURRENT} at 0`);
});

test('a look within the second of the event may be older than it, one of a later second is newer', () => {
  const same = aSecret({ lastChangedAt: later(NOW, SECOND - 1) });
  const next = aSecret({ lastChangedAt: later(NOW, SECOND) });
  expect(judged(undefined, { secret: same })).toBe('wait');
  expect(judged(undefined, { secret: next })).toBe(`${CURRENT} at ${SECOND}`);
});

test('the end of a rotation says no later time than the look, so that a move between the two is not held for older', () => {
  const ended = hint({ isExact: false, at: later(NOW, 3 * SECOND) });
  expect(judged(undefined, { hint: ended })).toBe(`${PENDING} at 0`);
  const old = { ...moved, lastChangedAt: later(NOW, -2 * HOUR) };
  expect(judged(undefined, { hint: ended, secret: old })).toBe(`${PENDING} at ${3 * SECOND}`);
  expect(judged(undefined, { hint: ended, secret: { ...moved, lastChangedAt: undefined } })).toBe(
    `${PENDING} at ${3 * SECOND}`,
  );
});

test('time never falls and the sequence rises, also when a move is dated back or the record was lost', () => {
  const verdict = {
    kind: 'moved',
    versionId: PENDING,
    previousVersionId: CURRENT,
    at: NOW,
    asOf: NOW,
  } as const;
  const late = record({ changedAt: later(NOW, MINUTE), sequence: NOW + 9 * MINUTE });
  expect(nextMove(late, moved.arn, verdict)).toEqual({
    secretArn: moved.arn,
    versionId: PENDING,
    previousVersionId: CURRENT,
    changedAt: later(NOW, MINUTE),
    sequence: NOW + 9 * MINUTE + 1,
    revision: 3,
    isTold: false,
    asOf: NOW,
  });
  expect(nextMove(undefined, moved.arn, verdict)).toMatchObject({ revision: 0, sequence: NOW });
});

test('the version before is the one that AWSPREVIOUS names, else the one reported last', () => {
  const previousOf = (stages: Readonly<Record<string, readonly string[]>>) => {
    const verdict = judgeListed(record(), { ...moved, versionStages: stages }, NOW);
    return verdict.kind === 'moved' ? verdict.previousVersionId : verdict.kind;
  };
  expect(previousOf({ [PENDING]: ['AWSCURRENT'], [PREVIOUS]: ['AWSPREVIOUS'] })).toBe(PREVIOUS);
  expect(previousOf({ [PENDING]: ['AWSCURRENT'] })).toBe(CURRENT);
});

test('a look that shows less than the one that showed the last move never counts', () => {
  const told = record({ asOf: later(NOW, SECOND), changedAt: NOW });
  expect(judged(told)).toBe('wait');
  expect(judged(told, { isLast: true })).toBe('done');
  expect(judged(told, { now: later(NOW, 5 * MINUTE) })).toBe('done');
  expect(judgeListed(told, moved, later(NOW, HOUR))).toEqual({ kind: 'done' });
  expect(judgeListed({ ...told, asOf: later(NOW, -1) }, moved, NOW)).toMatchObject({ kind: 'moved' });
});
