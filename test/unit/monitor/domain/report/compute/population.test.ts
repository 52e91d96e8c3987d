import { expect, test } from 'vitest';
import { DAY, type Instant, later } from '../../../../../../src/calendar/instant.ts';
import { PopulationTally } from '../../../../../../src/monitor/domain/report/compute/population.ts';
import { arn, at } from '../../../../../support/builders.ts';
import { TARGET } from '../../../../../support/service.ts';

const FROM = at('2026-01-01T00:00:00Z');
const TO = at('2026-04-01T00:00:00Z');
const day = (count: number): Instant => later(FROM, count * DAY);
const ARN = arn('arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf');

function tally(...lives: readonly [created: number, ...(readonly [string, number])[]][]): PopulationTally {
  const made = new PopulationTally(TARGET, { from: FROM, to: TO, label: undefined });
  for (const [created, ...changes] of lives) {
    made.add({
      createdAt: day(created),
      changes: changes.map(([kind, on]) => ({ secretArn: ARN, kind: kind as 'deleted', at: day(on) })),
    });
  }
  return made;
}

test('opening, created, restored and deleted add up to the closing', () => {
  const found = tally(
    [-10],
    [-5, ['deletion-scheduled', 3], ['restored', 4]],
    [2, ['deleted', 8]],
    [20],
  ).between({ at: FROM, secrets: 2 }, { at: TO, secrets: 3 });
  expect(found).toEqual({
    ...TARGET,
    opening: 2,
    created: 2,
    restored: 1,
    deleted: 2,
    closing: 3,
    difference: 0,
  });
});

test('counts near the ends of the period are carried to them', () => {
  const lives = [[-10], [-1], [1], [95]] as const;
  const found = tally(...lives.map(([created]) => [created] as [number])).between(
    { at: day(-2), secrets: 1 },
    { at: day(100), secrets: 4 },
  );
  expect(found).toMatchObject({ opening: 2, created: 1, closing: 3, difference: 0 });
});

test('rows that do not add up say by how many', () => {
  const found = tally([-10]).between({ at: FROM, secrets: 3 }, { at: TO, secrets: 1 });
  expect(found.difference).toBe(2);
});

test('without a count there is no difference to tell', () => {
  expect(tally([-10]).between(undefined, { at: TO, secrets: 1 })).toMatchObject({
    opening: undefined,
    closing: 1,
    difference: undefined,
  });
});
