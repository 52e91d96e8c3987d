import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import {
  type DeliveryReport,
  deliverAlerts,
} from '../../../../../src/monitor/application/tell/deliver-alerts.ts';
import type { Message } from '../../../../../src/monitor/domain/message/message.ts';
import type { Delivery, DeliveryFailureReason } from '../../../../../src/monitor/ports/tell/notifier.ts';
import { NOW } from '../../../../support/builders.ts';
import { pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

/** A service past its baseline with stuck secrets, each behind a function of its own, found a minute ago. */
async function withStuck(...names: readonly string[]): Promise<MemoryService> {
  const service = aService();
  await sweepSecrets(service);
  for (const name of names) {
    const rotationFunctionArn = `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
    service.catalog.put(pendingSince(name, later(NOW, -2 * HOUR), { rotationFunctionArn }));
  }
  await sweepSecrets(service);
  service.clock.advance(MINUTE);
  return service;
}

/** A channel that fails as long as `how` says so, and remembers what it was asked. */
function failing(service: MemoryService, how: (message: Message) => Delivery | undefined) {
  const asked: string[] = [];
  const notifier = {
    deliver: async (message: Message) => {
      asked.push(message.subject);
      return how(message) ?? service.notifier.deliver(message);
    },
  };
  return { asked, service: { ...service, notifier } };
}

const refused = (reason: DeliveryFailureReason): Delivery => ({ kind: 'failed', retryable: false, reason });
const delayed = (reason: DeliveryFailureReason): Delivery => ({ kind: 'failed', retryable: true, reason });
const health = ({ healthNotifier }: MemoryService): readonly string[] =>
  healthNotifier.messages.map(({ attributes: { code, transition } }) => `${code} ${transition}`);

/** Five minutes in which the delivery is woken every half a minute, as by other alerts, with a sweep at the end. */
async function fiveMinutes(
  service: Parameters<typeof sweepSecrets>[0] & Parameters<typeof deliverAlerts>[0],
  clock: MemoryService['clock'],
): Promise<void> {
  for (let half = 0; half < 9; half++) {
    clock.advance(MINUTE / 2);
    await deliverAlerts(service, 'a');
  }
  clock.advance(MINUTE / 2);
  await sweepSecrets(service);
  await deliverAlerts(service, 'a');
}

test('a channel that is gone is reported at once on the other path, once, and once when it is back', async () => {
  const service = await withStuck('prod/a');
  let gone = true;
  const { service: blind } = failing(service, () => (gone ? refused('not-found') : undefined));
  const report: DeliveryReport = await deliverAlerts(blind, 'a');
  expect(report).toEqual({ delivered: 0, failures: [], refused: ['not-found'] });
  expect(health(service)).toEqual(['undeliverable opened']);
  expect(service.healthNotifier.messages[0]?.text).toMatch(
    /^1 notification could not be delivered to the alert topic: not-found\.\n/,
  );
  await fiveMinutes(blind, service.clock);
  expect(health(service)).toEqual(['undeliverable opened']);
  gone = false;
  await fiveMinutes(blind, service.clock);
  expect(service.notifier.messages.map(({ subject }) => subject)).toEqual(['[HIGH] prod/a: stuck-pending']);
  expect(health(service)).toEqual(['undeliverable opened', 'undeliverable resolved']);
  expect((await service.store.readTarget(TARGET))?.refusals).toEqual([]);
});

test('a refused message is tried at most once a sweep, however often the delivery is woken', async () => {
  const service = await withStuck('prod/a');
  const { asked, service: blind } = failing(service, () => refused('denied'));
  await deliverAlerts(blind, 'a');
  expect(asked).toHaveLength(1);
  for (let sweep = 1; sweep <= 6; sweep++) {
    await fiveMinutes(blind, service.clock);
    expect(asked).toHaveLength(1 + sweep);
  }
  expect(await service.store.undelivered()).toHaveLength(1);
});

test('a channel that is gone is not asked again for every other group', async () => {
  const service = await withStuck('prod/a', 'prod/b', 'prod/c');
  const { asked, service: blind } = failing(service, () => refused('denied'));
  expect((await deliverAlerts(blind, 'a')).refused).toEqual(['denied', 'denied', 'denied']);
  expect(asked).toHaveLength(1);
  expect(service.healthNotifier.messages[0]?.text).toMatch(/^3 notifications could not/);
});

test('a message that is refused for itself keeps no other back', async () => {
  const service = await withStuck('prod/a', 'prod/b', 'prod/c');
  const { asked, service: picky } = failing(service, ({ subject }) =>
    subject.includes('prod/b') ? refused('invalid') : undefined,
  );
  expect(await deliverAlerts(picky, 'a')).toEqual({ delivered: 2, failures: [], refused: ['invalid'] });
  service.clock.advance(MINUTE);
  await deliverAlerts(picky, 'a');
  expect(asked).toHaveLength(3);
  expect(health(service)).toEqual(['undeliverable opened']);
});

test('a failure that may pass is reported on the other path once it has lasted 15 minutes', async () => {
  const service = await withStuck('prod/a');
  const { service: slow } = failing(service, () => delayed('throttled'));
  for (let minute = 1; minute <= 15; minute++) {
    await deliverAlerts(slow, 'a');
    expect(health(service), `minute ${minute}`).toEqual([]);
    service.clock.advance(MINUTE);
  }
  await deliverAlerts(slow, 'a');
  expect(health(service)).toEqual(['undeliverable opened']);
  await deliverAlerts(service, 'a');
  expect(health(service)).toEqual(['undeliverable opened', 'undeliverable resolved']);
});

test('without a health topic a refusal still backs off', async () => {
  const service = await withStuck('prod/a');
  const { asked, service: blind } = failing(service, () => refused('denied'));
  for (let run = 0; run < 3; run++) await deliverAlerts({ ...blind, healthNotifier: undefined }, 'a');
  expect(asked).toHaveLength(1);
});

test('what the health topic did not take from the delivery is reported by the next sweep', async () => {
  const service = await withStuck('prod/a');
  const { service: blind } = failing(service, () => refused('denied'));
  const healthNotifier = { deliver: async () => delayed('throttled') };
  await deliverAlerts({ ...blind, healthNotifier }, 'a');
  await deliverAlerts(blind, 'a');
  expect(health(service)).toEqual([]);
  await sweepSecrets(blind);
  expect(health(service)).toEqual(['undeliverable opened']);
});
