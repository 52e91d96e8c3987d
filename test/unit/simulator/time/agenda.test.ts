import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { DAY, instant } from '../../../../src/calendar/instant.ts';
import { Agenda } from '../../../../src/simulator/time/agenda.ts';
import { RealClock, VirtualClock } from '../../../../src/simulator/time/clock.ts';

const open = () => {
  const clock = new VirtualClock(instant(0));
  return { clock, agenda: new Agenda(clock) };
};

test('tasks run in order of time, those of one moment in order of planning', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 60 }), async (times) => {
      const { clock, agenda } = open();
      const ran: [number, number][] = [];
      for (const [index, time] of times.entries()) {
        agenda.schedule(instant(time), () => void ran.push([clock.now(), index]));
      }
      await clock.advance(50);
      const wanted = times.map((time, index): [number, number] => [time, index]).sort((a, b) => a[0] - b[0]);
      expect(ran).toEqual(wanted);
    }),
  );
});

test('a cancelled task does not run', async () => {
  const { clock, agenda } = open();
  const ran: string[] = [];
  const cancel = agenda.schedule(instant(10), () => void ran.push('cancelled'));
  agenda.schedule(instant(20), () => void ran.push('kept'));
  cancel();
  await clock.advance(20);
  expect(ran).toEqual(['kept']);
});

test('tasks may plan tasks, at the same moment and earlier than those planned', async () => {
  const { clock, agenda } = open();
  const ran: number[] = [];
  agenda.schedule(instant(100), () => void ran.push(100));
  agenda.schedule(instant(10), () => {
    agenda.schedule(instant(10), () => void ran.push(10));
    agenda.schedule(instant(50), () => void ran.push(50));
  });
  await clock.advance(100);
  expect(ran).toEqual([10, 50, 100]);
});

test('a task that is past runs at once', async () => {
  const { clock, agenda } = open();
  await clock.advance(1000);
  const ran: number[] = [];
  agenda.schedule(instant(10), () => void ran.push(clock.now()));
  await clock.advance(0);
  expect(ran).toEqual([1000]);
});

test('a task months away runs in its time although the agenda looks up daily', async () => {
  const { clock, agenda } = open();
  const ran: number[] = [];
  agenda.schedule(instant(90 * DAY + 5), () => void ran.push(clock.now()));
  await clock.advance(100 * DAY);
  expect(ran).toEqual([90 * DAY + 5]);
});

test('a task that fails does not stop those after it', async () => {
  const { clock, agenda } = open();
  const ran: number[] = [];
  agenda.schedule(instant(10), () => Promise.reject(new Error('failed')));
  agenda.schedule(instant(20), () => void ran.push(20));
  await expect(clock.advance(10)).rejects.toThrow('failed');
  await clock.advance(10);
  expect(ran).toEqual([20]);
});

test('on the real clock a task beyond the longest timer of Node.js waits for its time', async () => {
  vi.useFakeTimers({ now: 0 });
  const ran: number[] = [];
  new Agenda(new RealClock()).schedule(instant(40 * DAY), () => void ran.push(Date.now()));
  await vi.advanceTimersByTimeAsync(40 * DAY - 1);
  expect(ran).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ran).toEqual([40 * DAY]);
  vi.useRealTimers();
});
