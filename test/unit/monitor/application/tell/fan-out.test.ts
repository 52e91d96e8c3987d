import { expect, test } from 'vitest';
import { DAY } from '../../../../../src/calendar/instant.ts';
import { memoryNotifier } from '../../../../../src/monitor/adapters/memory/memory-notifier.ts';
import { fanOut } from '../../../../../src/monitor/application/tell/fan-out.ts';
import type { Delivery } from '../../../../../src/monitor/ports/tell/notifier.ts';
import { aChat, aMessage } from '../../../../contract/notifier.suite.ts';
import { aService } from '../../../../support/service.ts';

const failing = (reason: 'denied' | 'throttled') => ({
  deliver: async (): Promise<Delivery> => ({ kind: 'failed', retryable: false, reason }),
});

test('every channel gets what the first took', async () => {
  const [first, chat, q] = [memoryNotifier(), memoryNotifier(), memoryNotifier()];
  const notifier = fanOut(aService(), {
    first,
    sides: [
      { channel: 'chat-topic', notifier: chat },
      { channel: 'amazon-q', notifier: q },
    ],
    otherPath: first,
  });
  expect(await notifier.deliver(aMessage())).toEqual({ kind: 'delivered' });
  for (const each of [first, chat, q]) expect(each.messages).toEqual([aMessage()]);
});

test('what the first refused no other hears, so that trying again repeats nothing', async () => {
  const chat = memoryNotifier();
  const sides = [{ channel: 'chat-topic', notifier: chat }] as const;
  const delivery = await fanOut(aService(), {
    first: failing('throttled'),
    sides,
    otherPath: memoryNotifier(),
  }).deliver(aMessage());
  expect(delivery).toMatchObject({ kind: 'failed', reason: 'throttled' });
  expect(chat.messages).toEqual([]);
});

test('a copy that fails is counted, logged and reported through the first, once a day for each reason', async () => {
  const service = aService();
  const first = memoryNotifier();
  const q = memoryNotifier();
  const sides = [
    { channel: 'chat-topic', notifier: failing('denied') },
    { channel: 'amazon-q', notifier: q },
  ] as const;
  const notifier = fanOut(service, { first, sides, otherPath: first });
  const second = aMessage({ chat: aChat({ threadId: 'another' }) });
  expect(await notifier.deliver(aMessage())).toEqual({ kind: 'delivered' });
  expect(await notifier.deliver(second)).toEqual({ kind: 'delivered' });
  const subjects = () => first.messages.map(({ subject }) => subject);
  const told = '[HIGH] Alerts do not reach the chat topic: denied';
  expect(subjects()).toEqual([aMessage().subject, told, aMessage().subject]);
  expect(q.messages).toHaveLength(2);
  expect(service.metrics.datapoints).toEqual(
    Array.from({ length: 2 }, () => ({
      name: 'ChatMessagesFailed',
      value: 1,
      dimensions: { Channel: 'chat-topic', Reason: 'denied' },
    })),
  );
  expect(service.records.map(({ details }) => details)).toContainEqual({
    channel: 'chat-topic',
    reason: 'denied',
  });
  service.clock.advance(DAY);
  await notifier.deliver(aMessage());
  expect(subjects().filter((subject) => subject === told)).toHaveLength(2);
});

test('a side that takes copies again is reported through the other path, once', async () => {
  const service = aService();
  const first = memoryNotifier();
  let works = false;
  const moody = {
    deliver: (message: Parameters<typeof first.deliver>[0]) =>
      (works ? memoryNotifier() : failing('denied')).deliver(message),
  };
  const sides = [{ channel: 'amazon-q', notifier: moody }] as const;
  const otherPath = memoryNotifier();
  const notifier = fanOut(service, { first, sides, otherPath });
  await notifier.deliver(aMessage());
  works = true;
  service.clock.advance(DAY);
  await notifier.deliver(aMessage());
  await notifier.deliver(aMessage());
  expect(otherPath.messages.map(({ subject }) => subject)).toEqual([
    '[HIGH] Alerts do not reach the topic of Amazon Q Developer: denied',
    '[RESOLVED] Alerts reach the topic of Amazon Q Developer again',
  ]);
  expect(otherPath.messages[1]?.text).toContain('it had been down for 1 d.');
});

test('a message that has no parts is not for chat', async () => {
  const chat = memoryNotifier();
  const { chat: _, ...plain } = aMessage();
  const sides = [{ channel: 'chat-topic', notifier: chat }] as const;
  const first = memoryNotifier();
  await fanOut(aService(), { first, sides, otherPath: first }).deliver(plain);
  expect(first.messages).toHaveLength(1);
  expect(chat.messages).toEqual([]);
});

test('neither metrics nor store can make a delivered message undelivered', async () => {
  const service = aService();
  const broken = async () => {
    throw new Error('down');
  };
  const sides = [{ channel: 'chat-topic', notifier: failing('denied') }] as const;
  const notifier = fanOut(
    { ...service, metrics: { record: broken }, store: { ...service.store, acquireLock: broken } },
    { first: memoryNotifier(), sides, otherPath: memoryNotifier() },
  );
  expect(await notifier.deliver(aMessage())).toEqual({ kind: 'delivered' });
});

test('a fault that could not be reported is reported the next time', async () => {
  const service = aService();
  const first = memoryNotifier();
  let refuses = true;
  const moody = {
    deliver: async (message: Parameters<typeof first.deliver>[0]): Promise<Delivery> => {
      const isFault = message.attributes['code'] === 'channel-fault';
      return isFault && refuses ? failing('throttled').deliver() : first.deliver(message);
    },
  };
  const notifier = fanOut(service, {
    first: moody,
    sides: [{ channel: 'amazon-q', notifier: failing('denied') }],
    otherPath: moody,
  });
  await notifier.deliver(aMessage());
  refuses = false;
  await notifier.deliver(aMessage());
  expect(first.messages.map(({ subject }) => subject)).toContain(
    '[HIGH] Alerts do not reach the topic of Amazon Q Developer: denied',
  );
});
