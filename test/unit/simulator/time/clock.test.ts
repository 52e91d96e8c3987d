import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { LiveClock, VirtualClock } from '../../../../src/simulator/time/clock.ts';
import { NOW } from '../../../support/builders.ts';

/** A clock that begins an hour before the machine's, which the test moves. */
function aClock() {
  const machine = new VirtualClock(NOW);
  const clock = new LiveClock(later(NOW, -HOUR), machine);
  const done: number[] = [];
  const at = (minutes: number) =>
    clock.schedule(later(NOW, minutes * MINUTE), () => void done.push((clock.now() - NOW) / MINUTE));
  return { machine, clock, done, at };
}

test('until it goes live it is a clock like any other', async () => {
  const { machine, clock, done, at } = aClock();
  at(-30);
  at(10);
  await machine.advance(2 * HOUR);
  expect([clock.now(), done]).toEqual([later(NOW, -HOUR), []]);
  await clock.advance(HOUR);
  expect([clock.now(), done]).toEqual([NOW, [-30]]);
});

test('going live does all that was due, and then what becomes due with the time of the machine', async () => {
  const { machine, clock, done, at } = aClock();
  at(10);
  at(-30);
  await clock.goLive();
  expect([clock.now(), done]).toEqual([NOW, [-30]]);
  await machine.advance(9 * MINUTE);
  expect([clock.now(), done]).toEqual([later(NOW, 9 * MINUTE), [-30]]);
  await machine.advance(MINUTE);
  expect(done).toEqual([-30, 10]);
});

test('what is planned while it is live comes in its turn, also when tasks plan it', async () => {
  const { machine, clock, done, at } = aClock();
  await clock.goLive();
  at(10);
  clock.schedule(later(NOW, 4 * MINUTE), () => void at(6));
  at(2);
  await machine.advance(12 * MINUTE);
  expect(done).toEqual([2, 6, 10]);
});

test('time that goes by while it catches up is caught up with too', async () => {
  const { machine, clock, done, at } = aClock();
  clock.schedule(later(NOW, -MINUTE), () => void machine.elapse(5 * MINUTE));
  at(3);
  await clock.goLive();
  expect(done).toEqual([3]);
  expect(clock.now()).toBe(later(NOW, 5 * MINUTE));
});

test('a task that is cancelled, and all after a stop, do not run', async () => {
  const { machine, clock, done, at } = aClock();
  await clock.goLive();
  at(1)();
  at(2);
  at(20);
  await machine.advance(5 * MINUTE);
  clock.stop();
  await machine.advance(HOUR);
  expect(done).toEqual([2]);
});
