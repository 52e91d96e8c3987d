import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { DailyRound, needsDailyCheck } from '../../../../../src/monitor/domain/sweep/daily-round.ts';
import { aSecret, at, NOW } from '../../../../support/builders.ts';
import { named } from '../../../../support/secrets.ts';

const fleet = (count: number) => Array.from({ length: count }, (_, index) => named(`prod/${index}`));

/** Sweeps a fleet every `everyMs` for so many times; answers how often each secret was checked, and when. */
function swept(count: number, { most, everyMs, sweeps }: { most: number; everyMs: number; sweeps: number }) {
  const secrets = fleet(count);
  const checks = new Map<string, Instant[]>(secrets.map(({ name }) => [name, []]));
  let checkedUntil: Instant | undefined;
  let busiest = 0;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const now = later(NOW, sweep * everyMs);
    const round = new DailyRound({ checkedUntil, now, most });
    for (const secret of secrets) round.offer(secret);
    for (const { name } of round.due) checks.get(name)?.push(now);
    if (sweep > 0) busiest = Math.max(busiest, round.due.length);
    ({ checkedUntil } = round);
  }
  return { checks, busiest };
}

test('the first sweep checks everything, and from then on each secret once a day', () => {
  const { checks } = swept(60, { most: 500, everyMs: HOUR, sweeps: 24 * 3 + 1 });
  for (const times of checks.values()) {
    expect(times).toHaveLength(4);
    expect(times[0]).toBe(NOW);
    for (const [index, time] of times.slice(2).entries()) expect(time - (times[index + 1] ?? 0)).toBe(DAY);
  }
});

test('the checks spread over the sweeps of the day', () => {
  const { busiest } = swept(2880, { most: 5000, everyMs: 30 * MINUTE, sweeps: 49 });
  expect(busiest).toBeLessThan(2 * (2880 / 48));
});

test('of more than may be checked the rest comes next, and nobody is left out for ever', () => {
  const { checks, busiest } = swept(100, { most: 7, everyMs: 5 * MINUTE, sweeps: 15 });
  expect(busiest).toBe(7);
  expect([...checks.values()].filter((times) => times.length === 0)).toEqual([]);
});

test('a fleet too large for the day is gone through in turn', () => {
  const { checks } = swept(200, { most: 2, everyMs: HOUR, sweeps: 300 });
  expect([...checks.values()].every((times) => times.length === 3)).toBe(true);
});

test('a sweep that comes late checks what it has missed, once', () => {
  const [secret = aSecret()] = fleet(1);
  const round = new DailyRound({ checkedUntil: later(NOW, -10 * DAY), now: NOW, most: 5 });
  round.offer(secret);
  expect(round.due).toEqual([secret]);
  expect(round.checkedUntil).toBe(NOW);
});

test('a round that lags by many days skips the rounds in between', () => {
  const round = new DailyRound({ checkedUntil: later(NOW, -10 * DAY), now: NOW, most: 1 });
  for (const secret of fleet(50)) round.offer(secret);
  expect(round.due).toHaveLength(1);
  expect(round.checkedUntil).toBeGreaterThan(NOW - 2 * DAY);
});

test('a round never checks more than it may, and what is due before its end has been checked', () => {
  const given = fc.record({
    count: fc.integer({ min: 0, max: 60 }),
    most: fc.integer({ min: 0, max: 20 }),
    agoMs: fc.integer({ min: 1, max: 5 * DAY }),
  });
  fc.assert(
    fc.property(given, ({ count, most, agoMs }) => {
      const checkedUntil = later(NOW, -agoMs);
      const secrets = fleet(count);
      const round = new DailyRound({ checkedUntil, now: NOW, most });
      for (const secret of secrets) round.offer(secret);
      expect(round.due.length).toBeLessThanOrEqual(most);
      expect(round.checkedUntil).toBeLessThanOrEqual(NOW);
      const whole = new DailyRound({ checkedUntil, now: NOW, most: count });
      for (const secret of secrets) whole.offer(secret);
      expect(round.due).toEqual(whole.due.slice(0, most));
    }),
    { numRuns: 200 },
  );
});

test('only secrets about which the list leaves something open are asked about', () => {
  const used = { lastAccessedAt: at('2026-11-20T00:00:00Z') };
  expect(needsDailyCheck(aSecret())).toBe(false);
  expect(needsDailyCheck(aSecret(used))).toBe(true);
  expect(needsDailyCheck(aSecret({ primaryRegion: 'eu-west-1' }))).toBe(true);
  expect(needsDailyCheck(aSecret({ ...used, primaryRegion: 'us-east-1' }))).toBe(false);
  expect(needsDailyCheck(aSecret({ primaryRegion: 'eu-west-1', deletedAt: NOW }))).toBe(false);
});
