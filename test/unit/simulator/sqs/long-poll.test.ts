import { expect, test } from 'vitest';
import { later, SECOND } from '../../../../src/calendar/instant.ts';
import { seededRandom } from '../../../../src/simulator/call/random.ts';
import { longPoll } from '../../../../src/simulator/sqs/long-poll.ts';
import { Queue } from '../../../../src/simulator/sqs/queue.ts';
import { VirtualClock } from '../../../../src/simulator/time/clock.ts';
import { START } from '../open-account.ts';

/** A clock that polls wait for, advanced by the test. */
class Advanced extends VirtualClock {
  override get isLive(): boolean {
    return true;
  }
}

/** A queue, and a poll of 20 s on it that says whether it has ended. */
function aQueue() {
  const clock = new Advanced(START);
  const queue = new Queue('q', 'arn:aws:sqs:eu-west-1:111122223333:q', { clock, random: seededRandom(1) });
  queue.attributes.set('MessageRetentionPeriod', '300').set('VisibilityTimeout', '5');
  const receive = () => queue.receive({ max: 10 }, () => false);
  const poll = () => {
    const polled = { isOver: false };
    void longPoll(clock)(queue, 20)?.then(() => {
      polled.isOver = true;
    });
    return polled;
  };
  return { clock, queue, receive, poll };
}

test('a poll ends when a message that was in flight before it becomes visible, not a millisecond earlier', async () => {
  const { clock, queue, receive, poll } = aQueue();
  queue.send({ body: 'in flight' });
  receive();
  const polled = poll();
  await clock.advance(5 * SECOND - 1);
  expect(polled.isOver).toBe(false);
  await clock.advance(1);
  expect(polled.isOver).toBe(true);
});

test('a poll ends when a message that was delayed before it becomes visible', async () => {
  const { clock, queue, poll } = aQueue();
  queue.send({ body: 'delayed', delaySeconds: 3 });
  const polled = poll();
  await clock.advance(3 * SECOND);
  expect(polled.isOver).toBe(true);
});

test('a poll goes on when the message was deleted before it became visible again, until its time is over', async () => {
  const { clock, queue, receive, poll } = aQueue();
  queue.send({ body: 'in flight' });
  const [message] = receive();
  const polled = poll();
  queue.delete(message?.receiptHandle ?? '');
  await clock.advance(20 * SECOND - 1);
  expect(polled.isOver).toBe(false);
  await clock.advance(1);
  expect(polled.isOver).toBe(true);
});

test('of two polls, the one whose message the other takes goes on', async () => {
  const { clock, queue, receive, poll } = aQueue();
  const first = poll();
  queue.send({ body: 'for one of them', delaySeconds: 1 });
  const taken = receiveWhen(clock, receive);
  const second = poll();
  await clock.advance(2 * SECOND);
  expect([first.isOver, (await taken).length, second.isOver]).toEqual([true, 1, false]);
});

/** Receives at the time of the message, after the polls that began before this call and before those that begin later. */
const receiveWhen = <T>(clock: VirtualClock, receive: () => T): Promise<T> =>
  new Promise((resolve) => {
    clock.schedule(later(clock.now(), SECOND), () => resolve(receive()));
  });
