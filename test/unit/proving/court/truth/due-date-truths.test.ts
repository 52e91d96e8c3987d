import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../../src/calendar/instant.ts';
import { conditionsOf } from '../../../../../src/proving/court/truth/ground-truth.ts';
import { aStageChange, HISTORY_START as START } from '../../../../support/stage-changes.ts';

const PENDING = { stages: { old: ['AWSCURRENT'], next: ['AWSPENDING'] } };
const secret = { name: 'app/db', kind: 'function', function: 'rotate' } as const;
const exhaustedIn = (history: readonly ReturnType<typeof aStageChange>[]) =>
  conditionsOf({ secret, history, eventsMayBeLost: false, endsAt: later(START, 40 * DAY) }).filter(
    ({ code }) => code === 'rotation-retries-exhausted',
  );

test('a pending version is given up from a day after its due date until its rotation is put off', () => {
  const history = [
    aStageChange(0, { ...PENDING, nextRotationAt: later(START, 2 * HOUR) }),
    aStageChange(9 * DAY, { ...PENDING, cause: 'call', nextRotationAt: later(START, 20 * DAY) }),
    aStageChange(30 * DAY, { stages: { next: ['AWSCURRENT'], old: ['AWSPREVIOUS'] } }),
  ];
  expect(exhaustedIn(history)).toMatchObject([
    { versionId: 'next', tellableAt: later(START, DAY + 2 * HOUR), until: later(START, 9 * DAY) },
    { versionId: 'next', tellableAt: later(START, 21 * DAY), until: later(START, 30 * DAY) },
  ]);
});

test('a due date that was there before the version was pending says nothing of it', () => {
  const history = [
    aStageChange(0, { nextRotationAt: later(START, 2 * HOUR) }),
    aStageChange(9 * DAY, { ...PENDING, nextRotationAt: later(START, 20 * DAY) }),
    aStageChange(11 * DAY, { stages: { next: ['AWSCURRENT'], old: ['AWSPREVIOUS'] } }),
  ];
  expect(exhaustedIn(history)).toEqual([]);
});
