import { expect, test } from 'vitest';
import { HOUR } from '../../../../../src/calendar/instant.ts';
import { memoryNotifier } from '../../../../../src/monitor/adapters/memory/memory-notifier.ts';
import { withEscalation } from '../../../../../src/monitor/application/tell/with-escalation.ts';
import type { Message } from '../../../../../src/monitor/domain/message/message.ts';
import type { Delivery, FailedDelivery, Notifier } from '../../../../../src/monitor/ports/tell/notifier.ts';
import { aMessage } from '../../../../contract/notifier.suite.ts';
import { aService } from '../../../../support/service.ts';

const message = (attributes: Readonly<Record<string, string>>): Message => ({
  ...aMessage(),
  attributes: { ...aMessage().attributes, ...attributes },
});
const ESCALATED = message({ transition: 'escalated' });
const refusing = (reason: FailedDelivery['reason'], retryable: boolean): Notifier => ({
  deliver: async (): Promise<Delivery> => ({ kind: 'failed', reason, retryable }),
});
const subjects = ({ messages }: ReturnType<typeof memoryNotifier>) => messages.map(({ subject }) => subject);

/** A service with both routes; either can be put in place. */
function routes(given: { readonly escalation?: Notifier; readonly usual?: Notifier } = {}) {
  const [escalation, usual, otherPath] = [memoryNotifier(), memoryNotifier(), memoryNotifier()];
  const service = aService();
  const notifier = withEscalation(service, { escalation, usual, otherPath, ...given });
  return { service, notifier, escalation, usual, otherPath };
}

test('what nobody acknowledges goes to the escalation route and to the usual one', async () => {
  const { notifier, escalation, usual } = routes();
  expect(await notifier.deliver(ESCALATED)).toEqual({ kind: 'delivered' });
  expect([escalation.messages, usual.messages]).toEqual([[ESCALATED], [ESCALATED]]);
});

test.each(['opened', 'rose', 'repeated', 'silenced', 'resolved'])(
  'what is %s goes the usual way',
  async (transition) => {
    const { notifier, escalation, usual } = routes();
    await notifier.deliver(message({ transition }));
    expect([escalation.messages.length, usual.messages.length]).toEqual([0, 1]);
  },
);

test('those who were called hear of the end', async () => {
  const { notifier, escalation, usual } = routes();
  const end = message({ transition: 'resolved', escalated: 'yes' });
  await notifier.deliver(end);
  expect([escalation.messages, usual.messages]).toEqual([[end], [end]]);
});

test('a failure that may pass leaves it all to be tried again, and nobody hears it twice', async () => {
  const { notifier, usual, otherPath } = routes({ escalation: refusing('throttled', true) });
  expect(await notifier.deliver(ESCALATED)).toMatchObject({ kind: 'failed', reason: 'throttled' });
  expect([usual.messages, otherPath.messages]).toEqual([[], []]);
});

test('a route that refuses is counted and reported on another path, and the usual one has to do', async () => {
  const { notifier, usual, otherPath, service } = routes({ escalation: refusing('not-found', false) });
  expect(await notifier.deliver(ESCALATED)).toEqual({ kind: 'delivered' });
  expect(usual.messages).toEqual([ESCALATED]);
  expect(subjects(otherPath)).toEqual(['[HIGH] Alerts do not reach the escalation topic: not-found']);
  expect(service.metrics.datapoints).toEqual([
    { name: 'NotificationsFailed', value: 1, dimensions: { Reason: 'not-found' } },
  ]);
});

test('a route that works again is reported as such, with how long it was down', async () => {
  let works = false;
  const moody: Notifier = {
    deliver: (said) => (works ? memoryNotifier() : refusing('denied', false)).deliver(said),
  };
  const { notifier, otherPath, service } = routes({ escalation: moody });
  await notifier.deliver(ESCALATED);
  works = true;
  service.clock.advance(3 * HOUR);
  await notifier.deliver(ESCALATED);
  await notifier.deliver(ESCALATED);
  expect(subjects(otherPath)).toEqual([
    '[HIGH] Alerts do not reach the escalation topic: denied',
    '[RESOLVED] Alerts reach the escalation topic again',
  ]);
  expect(otherPath.messages[1]?.text).toContain(
    'The escalation topic accepts messages again; it had been down for 3 h.',
  );
});

test('nobody is called again and again because the alert topic is gone', async () => {
  const { notifier, escalation } = routes({ usual: refusing('not-found', false) });
  expect(await notifier.deliver(ESCALATED)).toEqual({ kind: 'delivered' });
  expect(escalation.messages).toEqual([ESCALATED]);
});

test('an alert topic that refuses for now is tried again', async () => {
  const { notifier } = routes({ usual: refusing('throttled', true) });
  expect(await notifier.deliver(ESCALATED)).toMatchObject({ kind: 'failed', retryable: true });
});

test('neither metrics nor store can make a delivered message undelivered', async () => {
  const service = aService();
  const broken = async () => {
    throw new Error('down');
  };
  const notifier = withEscalation(
    { ...service, metrics: { record: broken }, store: { ...service.store, readTarget: broken } },
    { escalation: memoryNotifier(), usual: memoryNotifier(), otherPath: memoryNotifier() },
  );
  expect(await notifier.deliver(ESCALATED)).toEqual({ kind: 'delivered' });
});
