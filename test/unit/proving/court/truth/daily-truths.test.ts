import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { conditionsOf } from '../../../../../src/proving/court/truth/ground-truth.ts';
import type { ScenarioSecret } from '../../../../../src/proving/scenario/scenario.ts';
import type { StageChange } from '../../../../../src/simulator/secrets-manager/store/secret-history.ts';
import { aStageChange, HISTORY_START as START } from '../../../../support/stage-changes.ts';

const every = (interval: string): ScenarioSecret => ({
  name: 'app/db',
  kind: 'function',
  schedule: `rate(${interval})`,
});
const MONTHLY = every('30 days');

const replica = (ms: number, status: StageChange['replicas'][number]['status']) =>
  aStageChange(ms, { replicas: [{ region: 'us-east-1', status, message: undefined }] });

const dayOf = (ms: number): Instant => later(START, Math.floor(ms / DAY) * DAY);
const read = (ms: number) => aStageChange(ms, { operation: 'GetSecretValue', previousReadOn: dayOf(ms) });

const truths = (history: readonly StageChange[], secret: ScenarioSecret = MONTHLY) =>
  conditionsOf({ secret, history, eventsMayBeLost: false, endsAt: later(START, 25 * DAY) });

test('a replica that failed is trouble from then on, until it is in sync', () => {
  const history = [replica(0, 'InProgress'), replica(MINUTE, 'Failed'), replica(HOUR, 'InSync')];
  expect(truths(history)).toMatchObject([
    { code: 'replication-failed', since: START, tellableAt: later(START, MINUTE), until: later(START, HOUR) },
  ]);
});

test('a replica in progress is trouble after an hour, or as long as the tag says', () => {
  const history = [replica(0, 'InProgress'), replica(2 * HOUR, 'InSync')];
  expect(truths(history)).toMatchObject([{ tellableAt: later(START, HOUR) }]);
  expect(truths([replica(0, 'InProgress'), replica(HOUR, 'InSync')])).toEqual([]);
  const patient = { ...MONTHLY, tags: { 'rotation-monitor:replication-after': '2h' } };
  expect(truths(history, patient)).toEqual([]);
});

test('a replica of a secret that is deleted is no trouble', () => {
  const deleted = { ...replica(MINUTE, 'Failed'), deletedAt: START };
  expect(truths([replica(0, 'InProgress'), deleted])).toEqual([]);
});

test('AWSPREVIOUS in use is true from the first request on a later day until eight days after the last', () => {
  const history = [aStageChange(0), read(HOUR), read(2 * DAY), read(5 * DAY)];
  expect(truths(history)).toMatchObject([
    {
      code: 'previous-version-in-use',
      since: later(START, 2 * DAY),
      until: later(dayOf(5 * DAY), 8 * DAY),
      checkedEveryMs: DAY,
    },
  ]);
});

test('requests further apart are two troubles, and the next rotation ends them', () => {
  const rotated = aStageChange(22 * DAY, { lastRotatedAt: later(START, 22 * DAY) });
  expect(truths([aStageChange(0), read(2 * DAY), read(20 * DAY), rotated])).toMatchObject([
    { since: later(START, 2 * DAY) },
    { since: later(START, 20 * DAY), until: later(START, 22 * DAY) },
  ]);
});

test('of a secret that rotates more often than once a week it is never true', () => {
  expect(truths([read(2 * DAY)], every('6 days'))).toEqual([]);
  expect(truths([read(2 * DAY)], every('7 days'))).toHaveLength(1);
});
