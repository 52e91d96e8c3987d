import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { Series } from '../../../../../src/simulator/cloudwatch/metrics/series.ts';
import { statisticsOf } from '../../../../../src/simulator/cloudwatch/metrics/statistics.ts';
import { START } from '../../open-account.ts';

const empty = (): Series => new Series({ namespace: 'N', name: 'M', dimensions: [], unit: 'Count' });

test('Series keeps datapoints in order of time however they come', () => {
  const series = empty();
  for (const minute of [5, 1, 3, 1, 9]) series.add(later(START, minute * MINUTE), statisticsOf([minute]));
  const points = series.between(START, later(START, 10 * MINUTE), MINUTE);
  expect(points.map(({ sum }) => sum)).toEqual([2, 3, 5, 9]);
});

test('Series knows the value with the latest time', () => {
  const series = empty();
  expect(series.latest).toBeUndefined();
  series.add(later(START, MINUTE), statisticsOf([7]));
  series.add(START, statisticsOf([1]));
  expect(series.latest).toEqual({ at: later(START, MINUTE), value: 7 });
});

test('Series forgets what is older than 63 days', () => {
  const series = empty();
  for (let day = 0; day <= 70; day += 1) series.add(later(START, day * DAY), statisticsOf([day]));
  const [oldest] = series.between(START, later(START, 71 * DAY), DAY);
  expect(oldest?.sum).toBeGreaterThanOrEqual(6);
  expect(oldest?.sum).toBeLessThanOrEqual(8);
});
