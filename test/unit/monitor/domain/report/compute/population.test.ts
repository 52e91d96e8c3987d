import { expect, test } from 'vitest';
import { DAY, type Instant, later } from '../../../../../../src/calendar/instant.ts';
import { PopulationTally, Sample } from '../../../../../../src/monitor/domain/report/compute/population.ts';
import { arn, at } from '../../../../../support/builders.ts';
import { named } from '../../../../../support/secrets.ts';
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
