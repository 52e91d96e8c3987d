import { expect, test } from 'vitest';
import { HOUR } from '../../../../../src/calendar/instant.ts';
import { memoryNotifier } from '../../../../../src/monitor/adapters/memory/memory-notifier.ts';
import { memoryMessageQueue } from '../../../../../src/monitor/adapters/memory/memory-queues.ts';
import { encodeChat, parseChat } from '../../../../../src/monitor/adapters/sns/chat-message.ts';
import { notifyChat } from '../../../../../src/monitor/application/tell/notify-chat.ts';
import type { ChatParts } from '../../../../../src/monitor/domain/message/message.ts';
import { MessageQueueError } from '../../../../../src/monitor/ports/message-queue.ts';
import type { Delivery, FailedDelivery } from '../../../../../src/monitor/ports/tell/notifier.ts';
import { aChat } from '../../../../contract/notifier.suite.ts';
import { aService } from '../../../../support/service.ts';

const queued = (name: string, body: string = encodeChat(aChat({ title: name }))) => ({
  messageId: name,
  receiptHandle: `handle-${name}`,
  body,
});

/** A service whose chat channel answers as given, by title; all else is delivered. */
function aChatService(answers: Readonly<Record<string, Omit<FailedDelivery, 'kind'>>> = {}) {
  const posted: string[] = [];
  const otherPath = memoryNotifier();
  const queue = memoryMessageQueue();
  const deliver = async ({ chat }: { readonly chat: ChatParts }): Promise<Delivery> => {
    posted.push(chat.title);
    const answer = answers[chat.title];
    return answer === undefined ? { kind: 'delivered' } : { kind: 'failed', ...answer };
  };
  const service = { ...aService(), chat: { notifier: { deliver }, queue, parse: parseChat, otherPath } };
  return { service, posted, otherPath, queue };
}

test('every message is posted in its order and counted', async () => {
  const { service, posted } = aChatService();
  expect(await notifyChat(service, [queued('a'), queued('b')])).toEqual([]);
  expect(posted).toEqual(['a', 'b']);
  const delivered = { name: 'ChatMessagesDelivered', value: 1 };
  expect(service.metrics.datapoints).toEqual([delivered, delivered]);
});

test('what is no message of ours is counted and dropped, and nothing of it is logged', async () => {
  const { service, posted } = aChatService();
  expect(await notifyChat(service, [queued('x', '{"hush":1}'), queued('a')])).toEqual([]);
  expect(posted).toEqual(['a']);
  expect(service.metrics.datapoints).toContainEqual({ name: 'ChatMessagesUnrecognised', value: 1 });
  expect(JSON.stringify(service.records)).not.toContain('hush');
});

test.each([
  [17, 17],
  [undefined, 30],
])('a pause of %s seconds that the channel asks for holds for the rest of the batch', async (asked, held) => {
  const throttled = { reason: 'throttled', retryable: true, retryAfterSeconds: asked } as const;
  const { service, posted, queue, otherPath } = aChatService({ b: throttled });
  expect(await notifyChat(service, [queued('a'), queued('b'), queued('c')])).toEqual(['b', 'c']);
  expect(posted).toEqual(['a', 'b']);
  expect([...queue.postponed]).toEqual([
    ['handle-b', held],
    ['handle-c', held],
  ]);
  expect(otherPath.messages).toEqual([]);
  expect(service.metrics.datapoints).toContainEqual({
    name: 'ChatMessagesFailed',
    value: 1,
    dimensions: { Channel: 'slack', Reason: 'throttled' },
  });
});

test.each(['server', 'timeout', 'network'] as const)(
  'one that fails by %s comes back, and the next is tried',
  async (reason) => {
    const { service, posted, queue } = aChatService({ a: { reason, retryable: true } });
    expect(await notifyChat(service, [queued('a'), queued('b')])).toEqual(['a']);
    expect(posted).toEqual(['a', 'b']);
    expect(queue.postponed.size).toBe(0);
  },
);

test('a body that Slack does not take stops no other', async () => {
  const { service, posted } = aChatService({ a: { reason: 'invalid', retryable: false } });
  expect(await notifyChat(service, [queued('a'), queued('b')])).toEqual(['a']);
  expect(posted).toEqual(['a', 'b']);
});

test.each(['revoked', 'denied', 'no-channel', 'not-found'] as const)(
  'a channel that is %s is told on the other path once, and its messages wait for the repair',
  async (reason) => {
    const { service, posted, otherPath, queue } = aChatService({ a: { reason, retryable: false } });
    expect(await notifyChat(service, [queued('a'), queued('b')])).toEqual(['a', 'b']);
    const again = { ...queued('a'), receiptHandle: 'handle-again' };
    expect(await notifyChat(service, [again])).toEqual(['a']);
    expect(posted).toEqual(['a', 'a']);
    expect([...queue.postponed.values()]).toEqual([900, 900, 900]);
    const [told, ...more] = otherPath.messages;
    expect(more).toEqual([]);
    expect(told?.subject).toBe(`[HIGH] Alerts do not reach Slack: ${reason}`);
    expect(told?.attributes).toMatchObject({ code: 'channel-fault', channel: 'slack', severity: 'HIGH' });
    expect(told?.text.split('\n')[2]).toMatch(/^Do: [A-Z].+\.$/);
  },
);

test('a channel that takes messages again is reported once on the other path', async () => {
  const answers: Record<string, Omit<FailedDelivery, 'kind'>> = {
    a: { reason: 'revoked', retryable: false },
  };
  const { service, otherPath } = aChatService(answers);
  await notifyChat(service, [queued('a')]);
  delete answers['a'];
  service.clock.advance(3 * HOUR);
  await notifyChat(service, [queued('a'), queued('b')]);
  await notifyChat(service, [queued('c')]);
  expect(otherPath.messages.map(({ subject }) => subject)).toEqual([
    '[HIGH] Alerts do not reach Slack: revoked',
    '[RESOLVED] Alerts reach Slack again',
  ]);
  const [, over] = otherPath.messages;
  expect(over?.text).toContain('Slack accepts messages again; it had been down for 3 h.');
  expect(over?.attributes).toMatchObject({ code: 'channel-fault', channel: 'slack', transition: 'resolved' });
});

test('whatever helps out may fail without repeating what was posted', async () => {
  const { service } = aChatService({ b: { reason: 'revoked', retryable: false } });
  const broken = async () => {
    throw new MessageQueueError('down', { reason: 'server', retryable: true });
  };
  const chat = { ...service.chat, queue: { postpone: broken }, otherPath: { deliver: broken } };
  const failed = await notifyChat({ ...service, chat, metrics: { record: broken } }, [
    queued('a'),
    queued('b'),
  ]);
  expect(failed).toEqual(['b']);
  expect(service.records.map(({ message }) => message)).toEqual([
    'Cannot report the state of Slack',
    'A channel did not take a message',
    'Cannot postpone a chat message',
    'Cannot count chat messages',
  ]);
});

test('without a chat channel nothing is taken, so that nothing is lost', async () => {
  await expect(notifyChat(aService(), [queued('a')])).rejects.toThrow(
    'Cannot post to Slack: set both "slack-webhook-parameter" and "chat-queue-url"',
  );
});
