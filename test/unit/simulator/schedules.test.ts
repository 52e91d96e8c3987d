import { expect, test } from 'vitest';
import { MINUTE } from '../../../src/domain/instant.ts';
import { openAccount } from './open-account.ts';

test('every invokes now and then at equal intervals until it is stopped', async () => {
  const { functions, schedules, clock } = openAccount();
  const start = clock.now();
  const seen: [number, unknown][] = [];
  functions.register('sweep', (event) => void seen.push([(clock.now() - start) / MINUTE, event]));
  const stop = schedules.every(5 * MINUTE, 'sweep', { a: 1 });
  await clock.advance(12 * MINUTE);
  expect(seen).toEqual([
    [0, { a: 1 }],
    [5, { a: 1 }],
    [10, { a: 1 }],
  ]);
  stop();
  await clock.advance(60 * MINUTE);
  expect(seen).toHaveLength(3);
});

test('schedules.stop ends all schedules', async () => {
  const { functions, schedules, clock } = openAccount();
  functions.register('f', () => undefined);
  schedules.every(MINUTE, 'f', {});
  schedules.every(MINUTE, 'f', {});
  await clock.advance(0);
  schedules.stop();
  await clock.advance(10 * MINUTE);
  expect(functions.stats('f').invocations).toBe(2);
});
