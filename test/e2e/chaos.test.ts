import { expect, test } from 'vitest';
import { judgeChaos } from '../../bench/chaos/engine/judge-chaos.ts';
import type { ChaosOptions } from '../../bench/chaos/engine/options.ts';
import { type ChaosRun, runChaos } from '../../bench/chaos/engine/run-chaos.ts';
import type { Sabotage } from '../../bench/chaos/engine/sabotage.ts';
import { HOUR } from '../../src/calendar/instant.ts';
import { breachText } from '../../src/proving/court/judge-run.ts';

const chaos = (
  options: Pick<ChaosOptions, 'seed' | 'days' | 'sabotage' | 'outageEveryDays' | 'wire'>,
): Promise<ChaosRun> => runChaos({ secrets: 15, sweepEveryMs: HOUR, incidentEveryDays: 3, ...options });

test.each([
  [11, true],
  [12, false],
])('through days of chaos of seed %i the monitor keeps its promises, on the wire: %s', async (seed, wire) => {
  const run = await chaos({ seed, days: 7, wire });
  const judged = judgeChaos(run);
  const replay = `to replay: tsx bench/chaos/run.ts --seed ${seed} --days 7 --secrets 15 --sweep-minutes 60 --incident-days 3 --outage-days 0${wire ? ' --wire' : ''}`;
  expect(judged.breaches.map(breachText), replay).toEqual([]);
  expect(judged.notifications).toBeGreaterThan(10);
  expect(judged.resolved).toBeGreaterThan(3);
  expect(run.trouble.kills.length).toBeGreaterThan(0);
});

const replayOutages = (seed: number, days: number): string =>
  `to replay: tsx bench/chaos/run.ts --seed ${seed} --days ${days} --secrets 15 --sweep-minutes 60 --incident-days 3 --outage-days 0.5`;

test('nothing is lost in outages, and nothing is left of them', async () => {
  const run = await chaos({ seed: 18, days: 4, outageEveryDays: 0.5 });
  expect(run.outages.length).toBeGreaterThan(3);
  expect(judgeChaos(run).breaches.map(breachText), replayOutages(18, 4)).toEqual([]);
  expect(run.deadLetters, replayOutages(18, 4)).toBe(0);
});

/** The table is down for five hours of this day, twice: longer than queues try a message again. */
test('what queues gave up in an outage is taken in after it', async () => {
  const run = await chaos({ seed: 4, days: 1, outageEveryDays: 0.5 });
  const transitions = run.world.simulator.sns.inbox
    .filter(({ subject }) => subject.endsWith(': dead-letters'))
    .map(({ subject }) => subject.split(' ')[0]);
  expect(run.deadLetters, replayOutages(4, 1)).toBe(0);
  expect(transitions).toEqual(['[HIGH]', '[RESOLVED]']);
  expect(judgeChaos(run).breaches.map(breachText), replayOutages(4, 1)).toEqual([]);
});

/** Verdicts of the court on each fault that is planted; a court without a verdict proves nothing. */
const VERDICTS: readonly (readonly [Sabotage, string])[] = [
  ['lost-publish', 'lost notification'],
  ['lost-resolution', 'unresolved'],
  ['lost-opening', 'lost alert'],
  ['lost-outbox', 'lost notification'],
  ['sent-twice', 'duplicate'],
];

test.each(VERDICTS)('a planted %s does not stay hidden: %s', async (sabotage, kind) => {
  const { breaches } = judgeChaos(await chaos({ seed: 21, days: 2, sabotage }));
  expect(breaches.map((breach) => breach.kind)).toContain(kind);
});

test('the same seed gives the same run', async () => {
  const [first, second] = [await chaos({ seed: 13, days: 2 }), await chaos({ seed: 13, days: 2 })];
  expect(first.journal.all().length).toBeGreaterThan(10);
  expect(first.told.length).toBeGreaterThan(10);
  expect(second.journal.all()).toEqual(first.journal.all());
  expect(second.told).toEqual(first.told);
});
