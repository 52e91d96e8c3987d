import { describe, expect, test } from 'vitest';
import { later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { conditionsOf } from '../../../../../src/proving/court/truth/ground-truth.ts';
import { pendingLives } from '../../../../../src/proving/court/truth/pending-lives.ts';
import type { StageChange } from '../../../../../src/simulator/secrets-manager/store/secret-history.ts';
import { aStageChange, HISTORY_START as START } from '../../../../support/stage-changes.ts';

const CURRENT = { old: ['AWSCURRENT'] };
const PENDING = { ...CURRENT, next: ['AWSPENDING'] };

/** Makes an entry of a secret's history, some minutes after the start. */
const change = (minute: number, rest: Partial<StageChange>): StageChange =>
  aStageChange(minute * MINUTE, { stages: PENDING, ...rest });

const begun = change(0, {});
const filled = change(1, { stepReached: 'createSecret' });
const unlabelled = (minute: number): StageChange => change(minute, { stages: CURRENT });
const failed = (minute: number, failedStep: StageChange['failedStep']): StageChange =>
  change(minute, { failure: 'no', failedStep, failedVersionId: 'next', stepReached: 'createSecret' });

describe('pendingLives()', () => {
  test.each<[string, boolean, readonly StageChange[]]>([
    ['the label went before createSecret was done', false, [begun, unlabelled(2)]],
    ['the service called setSecret as soon as createSecret was done', true, [begun, filled, unlabelled(2)]],
    [
      'the service refused what createSecret made',
      false,
      [begun, filled, failed(1, 'createSecret'), unlabelled(2)],
    ],
    [
      'somebody called about a secret whose value was refused',
      false,
      [
        begun,
        filled,
        failed(1, 'createSecret'),
        change(3, { stepReached: 'createSecret', cause: 'call' }),
        unlabelled(4),
      ],
    ],
    ['setSecret failed', true, [begun, filled, failed(3, 'setSecret'), unlabelled(9)]],
    [
      'a later attempt came further than a refused one',
      true,
      [begun, filled, failed(1, 'createSecret'), change(5, { stepReached: 'createSecret' }), unlabelled(6)],
    ],
  ])('when %s, setSecret has begun: %s', (_case, setBegun, history) => {
    expect(pendingLives(history)).toMatchObject([{ setBegun, end: 'lost' }]);
  });
});

test('a version that gets its label back has failed as often as before', () => {
  const history = [begun, filled, failed(3, 'testSecret'), unlabelled(9), change(20, {})];
  expect(pendingLives(history).at(-1)).toMatchObject({ failures: [{ step: 'testSecret' }], setBegun: true });
});

test('a run that goes on without the label and fails counts, too', () => {
  const late = { ...failed(15, 'finishSecret'), stages: CURRENT };
  const history = [begun, filled, unlabelled(9), late, change(20, {})];
  expect(pendingLives(history).at(-1)).toMatchObject({ failures: [{ step: 'finishSecret' }] });
});

test('a rotation that found no label for its version says nothing about the version before it', () => {
  const refused = change(30, { stages: CURRENT, failure: 'quota', failedVersionId: 'never made' });
  const history = [begun, failed(3, 'testSecret'), unlabelled(9), refused];
  expect(pendingLives(history)).toMatchObject([{ failures: [{ step: 'testSecret' }] }]);
});

test('nothing about a version can be reported while it has no label, and its age counts from its creation', () => {
  const back = change(500, {});
  const secret = { name: 'app/db', kind: 'function', function: 'rotate' } as const;
  const endsAt = later(START, 600 * MINUTE);
  const history = [begun, failed(1, 'createSecret'), unlabelled(30), back];
  const conditions = conditionsOf({ secret, history, eventsMayBeLost: false, endsAt });
  expect(conditions.find(({ code, since }) => code === 'stuck-pending' && since === back.at)).toMatchObject({
    tellableAt: back.at,
    tellableWithoutEventsAt: back.at,
  });
});
