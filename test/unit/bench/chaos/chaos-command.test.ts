import { expect, test, vi } from 'vitest';
import { type Asked, chaosCommand } from '../../../../bench/chaos/chaos-command.ts';
import { MINUTE } from '../../../../src/calendar/instant.ts';

async function asked(...words: readonly string[]): Promise<Asked | undefined> {
  let what: Asked | undefined;
  const command = chaosCommand(async (each) => {
    what = each;
  });
  await command.configureOutput({ writeErr: () => undefined }).parseAsync([...words], { from: 'user' });
  return what;
}

test('without options, the month of the first seed is played', async () => {
  const run = {
    seed: 1,
    days: 30,
    secrets: 100,
    sweepEveryMs: 5 * MINUTE,
    incidentEveryDays: 25,
    outageEveryDays: 5,
  };
  expect(await asked()).toEqual({ runs: [run], jobs: 1, results: undefined });
});

test('each option reaches the run that it is for', async () => {
  const words =
    '--seed 3 --seed 9 --days 0.5 --secrets 7 --sweep-minutes 10 --incident-days 1.5 --outage-days 0 --sabotage lost-publish --wire --jobs 2 --results file';
  const run = {
    days: 0.5,
    secrets: 7,
    sweepEveryMs: 10 * MINUTE,
    incidentEveryDays: 1.5,
    sabotage: 'lost-publish',
    wire: true,
  };
  expect(await asked(...words.split(' '))).toEqual({
    runs: [
      { seed: 3, ...run },
      { seed: 9, ...run },
    ],
    jobs: 2,
    results: 'file',
  });
});

test.each([
  ['--sabotage', 'lost-publihs'],
  ['--days', 'ten'],
  ['--jobs', '0'],
  ['--seed', 'first'],
  ['--secrets', '0'],
])('%s %s plays nothing', async (...words) => {
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`ended with ${code}`);
  });
  await expect(asked(...words)).rejects.toThrow('ended with 2');
});
