import { expect, test } from 'vitest';
import { monitorMonth } from '../../../../src/cli/cost/monitor-month.ts';

test('a month is the sum of its services, the dearest first', () => {
  const { services, total, dashboards } = monitorMonth(1_000);
  expect(services.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(total, 9);
  const amounts = services.map(({ usd }) => usd);
  expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
  expect(services.map(({ service }) => service)).not.toContain('CloudTrail');
  expect(dashboards).toBe(9);
});

test('between the measured sizes it grows evenly, above them it goes on, below it stays', () => {
  const [small, middle, between, large, larger] = [10, 1_000, 5_500, 10_000, 19_000].map(monitorMonth);
  expect(small?.total).toBe(monitorMonth(100).total);
  expect(between?.total).toBeCloseTo(((middle?.total ?? 0) + (large?.total ?? 0)) / 2, 6);
  expect((larger?.total ?? 0) - (large?.total ?? 0)).toBeCloseTo(
    (large?.total ?? 0) - (middle?.total ?? 0),
    6,
  );
});

test('most of what grows with the fleet is the calls that list it', () => {
  const costOf = (secrets: number) =>
    monitorMonth(secrets).services.find(({ service }) => service === 'Secrets Manager')?.usd ?? 0;
  // 8,640 sweeps of a hundred pages each, and the canary's own secret.
  expect(costOf(10_000)).toBeGreaterThan(0.4 + (8_640 * 100 * 0.05) / 10_000);
});
