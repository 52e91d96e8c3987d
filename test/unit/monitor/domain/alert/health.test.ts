import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  type HealthCondition,
  type HealthSight,
  unsaid,
  withSaid,
  withSights,
} from '../../../../../src/monitor/domain/alert/health.ts';
import { NOW } from '../../../../support/builders.ts';

const LATER = later(NOW, HOUR);
const holds: HealthSight = { code: 'no-subscriber', holds: true, seen: 'Nobody.' };
const over: HealthSight = { code: 'no-subscriber', holds: false };
const told = (): readonly HealthCondition[] => {
  const [condition] = withSights([], [holds], NOW);
  return condition === undefined ? [] : withSaid([condition], condition, NOW);
};

test('a condition that is seen has its beginning to be reported, once', () => {
  const begun = withSights([], [holds], NOW);
  expect(unsaid(begun, NOW)).toEqual([
    { code: 'no-subscriber', since: NOW, seen: 'Nobody.', told: false, overAt: undefined },
  ]);
  expect(unsaid(told(), NOW)).toEqual([]);
  expect(withSights(told(), [holds], LATER)).toEqual(told());
});

test('nothing new answers the very same conditions', () => {
  const conditions = told();
  expect(withSights(conditions, [holds], LATER)).toBe(conditions);
  expect(withSights([], [over], NOW)).toEqual([]);
  const ended = withSights(conditions, [over], LATER);
  expect(withSights(ended, [over], LATER)).toBe(ended);
});

test('a condition that was reported has its end to be reported, and is then forgotten', () => {
  const ended = withSights(told(), [over], LATER);
  expect(unsaid(ended, LATER)).toMatchObject([{ overAt: LATER }]);
  expect(ended.flatMap((condition) => withSaid(ended, condition, LATER))).toEqual([]);
});

test('a condition that ended before anybody heard of it is forgotten', () => {
  expect(withSights(withSights([], [holds], NOW), [over], LATER)).toEqual([]);
});

test('a condition that is back before its end was reported goes on', () => {
  const back = withSights(withSights(told(), [over], LATER), [holds], LATER);
  expect(back).toEqual(told());
});

test('a condition that ended while its beginning was reported has its end still to be reported', () => {
  const [condition] = withSights([], [holds], NOW);
  if (condition === undefined) throw new Error('The condition is missing');
  expect(unsaid(withSaid([], condition, LATER), LATER)).toMatchObject([{ told: true, overAt: LATER }]);
});

test('conditions of other codes stay as they are', () => {
  const other: HealthSight = { code: 'undeliverable', holds: true, seen: 'Refused.' };
  const both = withSights(told(), [other], LATER);
  expect(both.map(({ code }) => code)).toEqual(['no-subscriber', 'undeliverable']);
  expect(withSights(both, [{ code: 'undeliverable', holds: false }], LATER)).toEqual(told());
});

test('what may pass by itself is reported once it has lasted a quarter of an hour, and not at all if it ends before', () => {
  const passing: HealthSight = { code: 'heartbeat-unheard', holds: true, seen: 'HTTP 503.', mayPass: true };
  const begun = withSights([], [passing], NOW);
  expect(unsaid(begun, later(NOW, 15 * MINUTE - 1))).toEqual([]);
  expect(unsaid(withSights(begun, [passing], LATER), later(NOW, 15 * MINUTE))).toHaveLength(1);
  expect(withSights(begun, [{ code: 'heartbeat-unheard', holds: false }], LATER)).toEqual([]);
});
