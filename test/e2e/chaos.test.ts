import { expect, test } from 'vitest';
import { breachText, judgeRun } from '../../bench/chaos/engine/judge-run.ts';
import { type ChaosRun, runChaos } from '../../bench/chaos/engine/run-chaos.ts';
import { MINUTE } from '../../src/domain/instant.ts';

const chaos = (seed: number, days: number): Promise<ChaosRun> =>
  runChaos({ seed, days, secrets: 15, sweepEveryMs: 20 * MINUTE, incidentEveryDays: 4 });

test.each([11, 12])('through days of chaos of seed %i the monitor keeps its promises', async (seed) => {
  const run = await chaos(seed, 8);
  const judged = judgeRun(run);
  const replay = `to replay: tsx bench/chaos/run.ts --seed ${seed} --days 8 --secrets 15 --sweep-minutes 20 --incident-days 4`;
  expect(judged.breaches.map(breachText), replay).toEqual([]);
  expect(judged.notifications).toBeGreaterThan(10);
  expect(judged.resolved).toBeGreaterThan(3);
  expect(run.trouble.kills.length).toBeGreaterThan(0);
});

test('the same seed gives the same run', async () => {
  const [first, second] = [await chaos(13, 2), await chaos(13, 2)];
  expect(first.journal.all().length).toBeGreaterThan(0);
  expect(second.journal.all()).toEqual(first.journal.all());
  expect(second.told).toEqual(first.told);
});
