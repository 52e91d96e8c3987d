import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { dynamodbAlertStore } from '../../../../../src/monitor/adapters/dynamodb/dynamodb-alert-store.ts';
import { tableDefinition } from '../../../../../src/monitor/adapters/dynamodb/table.ts';
import { deliverAlerts } from '../../../../../src/monitor/application/tell/deliver-alerts.ts';
import { deliveryTurn } from '../../../../../src/monitor/application/tell/delivery-run.ts';
import type { Notification } from '../../../../../src/monitor/domain/alert/notification.ts';
import { freshState, freshTarget } from '../../../../../src/monitor/domain/state/secret-state.ts';
import type { AlertStore } from '../../../../../src/monitor/ports/store/alert-store.ts';
import { StoreError } from '../../../../../src/monitor/ports/store/store-error.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';
import { aSimulator, sdk } from '../../../../support/simulated.ts';

const OTHER = 'arn:aws:lambda:eu-west-1:111122223333:function:other';

/** Something to say about one secret. */
function about(secretName: string, given: Partial<Notification> = {}): Notification {
  const made = aNotification({ secretName, notBefore: NOW, ...given });
  const fingerprint = `${made.secretArn}#version`;
  return { ...made, fingerprint, id: `${fingerprint}@${made.transition}@${made.at}` };
}

async function remember(store: AlertStore, ...outbox: readonly [Notification, ...Notification[]]) {
  const { secretArn, secretName } = outbox[0];
  const known = (await store.read(secretArn)) ?? freshState(secretArn, secretName, TARGET);
  await store.write({ ...known, outbox: [...known.outbox, ...outbox] });
}

/** A service past its baseline, with something to say about `count` secrets. */
async function aCrowd(count: number, given: Partial<Notification> = {}): Promise<MemoryService> {
  const service = aService();
  await service.store.writeTarget({ ...freshTarget(TARGET), baselineAt: NOW });
  for (let index = 0; index < count; index++) await remember(service.store, about(`prod/${index}`, given));
  return service;
}

/** The service of a function that is ended after a minute, while each call takes 30 ms, ten of them in parallel. */
function inAFunction(service: MemoryService) {
  const begun = service.clock.now();
  const slow =
    <I extends readonly unknown[], O>(call: (...input: I) => Promise<O>) =>
    async (...input: I): Promise<O> => {
      service.clock.advance(3);
      if (service.clock.now() - begun > MINUTE) throw new Error('Task timed out after 60.00 seconds');
      return call(...input);
    };
  const { read, write } = service.store;
  return { ...service, store: { ...service.store, read: slow(read), write: slow(write) } };
}

const KINDS = [
  ['behind one function', {}],
  ['without a function', { rotationFunctionArn: undefined }],
  ['of a first sweep', { baseline: true }],
  ['of a weekly digest', { transition: 'repeated', reason: 'weekly-digest' }],
  ['that are over', { transition: 'resolved', reason: 'resolved' }],
  ['that are silenced', { transition: 'silenced', reason: 'silenced' }],
] as const satisfies readonly (readonly [string, Partial<Notification>])[];

test('3,000 secrets behind one function are one message, recorded in DynamoDB, and another function is reported', async () => {
  const simulator = aSimulator();
  await simulator.call('dynamodb', 'CreateTable', { ...tableDefinition('table') }, 'deployer');
  const { readGroup, writeGroup } = dynamodbAlertStore(new DynamoDBClient(sdk(simulator)), 'table');
  const memory = await aCrowd(3000);
  await remember(memory.store, about('zz/unrelated', { rotationFunctionArn: OTHER }));
  const service = { ...memory, store: { ...memory.store, readGroup, writeGroup } };
  for (let turn = 0; turn < 3; turn++) {
    service.clock.advance(5 * MINUTE);
    await deliverAlerts(service, `run ${turn}`);
  }
  expect(service.notifier.messages.map(({ subject }) => subject).sort()).toEqual([
    '[HIGH] 3,000 secrets: stuck-pending',
    '[HIGH] zz/unrelated: stuck-pending',
  ]);
  expect(await service.store.undelivered()).toEqual([]);
});

test('20,000 secrets behind one function are one message that explains the first, in as many runs as it takes', async () => {
  const service = await aCrowd(20_000);
  let runs = 0;
  for (; runs < 9 && (await service.store.undelivered()).length > 0; runs++) {
    const turn = deliveryTurn(service.clock.now(), MINUTE, [`deliver ${runs}`]);
    await deliverAlerts(inAFunction(service), `run ${runs}`, turn);
  }
  expect(runs).toBe(2);
  expect(service.queue.wakes).toEqual([0]);
  expect(service.notifier.messages.map(({ subject }) => subject)).toEqual([
    '[HIGH] 20,000 secrets: stuck-pending',
  ]);
  expect(service.notifier.messages[0]?.text).toContain('Remove the label.');
});

test.each(KINDS)(
  '3,000 findings %s are reported once by functions that die while they clear',
  async (_what, given) => {
    const service = await aCrowd(3000, given);
    for (let run = 0; run < 8; run++) {
      let left = 1000;
      const write: AlertStore['write'] = async (state) => {
        if (left-- <= 0) return new Promise(() => undefined);
        return service.store.write(state);
      };
      const dying = { ...service, store: { ...service.store, write } };
      const died = new Promise((resolve) => void setTimeout(resolve, 200));
      await Promise.race([deliverAlerts(dying, `run ${run}`), died]);
      service.clock.advance(5 * MINUTE);
    }
    expect(service.notifier.messages).toHaveLength(1);
    expect(await service.store.undelivered()).toEqual([]);
  },
);

test.each(KINDS)('what an index shows that lags is reported once: findings %s', async (_what, given) => {
  const service = await aCrowd(2, given);
  const shown = await service.store.undelivered();
  await deliverAlerts(service, 'first');
  const forEachUndelivered: AlertStore['forEachUndelivered'] = (take) => take(shown);
  await deliverAlerts({ ...service, store: { ...service.store, forEachUndelivered } }, 'second');
  expect(service.notifier.messages).toHaveLength(1);
  expect(await service.store.undelivered()).toEqual([]);
});

test('an end that was reported is not reported again by an index that lags, nor is the beginning', async () => {
  const service = await aCrowd(1);
  const opened = await service.store.undelivered();
  await deliverAlerts(service, 'a');
  const at = later(NOW, MINUTE);
  await remember(
    service.store,
    about('prod/0', { transition: 'resolved', reason: 'resolved', at, notBefore: at }),
  );
  service.clock.advance(2 * MINUTE);
  const ended = await service.store.undelivered();
  await deliverAlerts(service, 'b');
  for (const shown of [opened, ended, [...opened, ...ended]]) {
    const forEachUndelivered: AlertStore['forEachUndelivered'] = (take) => take(shown);
    await deliverAlerts({ ...service, store: { ...service.store, forEachUndelivered } }, 'c');
  }
  expect(service.notifier.messages.map(({ attributes }) => attributes['transition'])).toEqual([
    'opened',
    'resolved',
  ]);
});

test('while a page of the index cannot be read nothing is sent, and all of it once it can', async () => {
  const service = await aCrowd(600);
  let pages = 0;
  const forEachUndelivered: AlertStore['forEachUndelivered'] = (take) =>
    service.store.forEachUndelivered(async (states) => {
      pages += 1;
      if (pages === 2) throw new StoreError('Cannot query', { reason: 'throttled', retryable: true });
      await take(states);
    });
  const failing = { ...service, store: { ...service.store, forEachUndelivered } };
  await expect(deliverAlerts(failing, 'a')).rejects.toThrow('Cannot query');
  expect(service.notifier.messages).toEqual([]);
  await deliverAlerts(service, 'b');
  expect(service.notifier.messages.map(({ subject }) => subject)).toEqual([
    '[HIGH] 600 secrets: stuck-pending',
  ]);
});

test('a group that fails stops no other, and what was published is cleared though its record was not written', async () => {
  const service = await aCrowd(3);
  await remember(service.store, about('zz/unrelated', { rotationFunctionArn: OTHER }));
  const writeGroup: AlertStore['writeGroup'] = async (record) => {
    if (!record.key.includes(OTHER)) {
      throw new StoreError('Cannot write', { reason: 'throttled', retryable: true });
    }
    await service.store.writeGroup(record);
  };
  const failing = { ...service, store: { ...service.store, writeGroup } };
  await expect(deliverAlerts(failing, 'a')).rejects.toThrow('1 delivery failed');
  expect(service.notifier.messages).toHaveLength(2);
  expect(await service.store.undelivered()).toEqual([]);
});

test('a record that is refused at first is written before what it shows as sent is cleared', async () => {
  const service = await aCrowd(3);
  const before = await service.store.undelivered();
  let refused = 0;
  const writeGroup: AlertStore['writeGroup'] = async (record) => {
    if (refused++ === 0) throw new StoreError('Cannot write', { reason: 'throttled', retryable: true });
    expect(await service.store.undelivered()).toHaveLength(3);
    await service.store.writeGroup(record);
  };
  await deliverAlerts({ ...service, store: { ...service.store, writeGroup } }, 'a');
  const lagging: AlertStore['forEachUndelivered'] = (take) => take(before);
  await deliverAlerts({ ...service, store: { ...service.store, forEachUndelivered: lagging } }, 'b');
  expect(service.notifier.messages).toHaveLength(1);
});

test('an outbox that cannot be cleared stops no other', async () => {
  const service = await aCrowd(30);
  const arn = about('prod/7').secretArn;
  const write: AlertStore['write'] = async (state) => {
    if (state.subject === arn) throw new StoreError('Cannot write', { reason: 'invalid', retryable: false });
    return service.store.write(state);
  };
  await expect(deliverAlerts({ ...service, store: { ...service.store, write } }, 'a')).rejects.toThrow();
  expect((await service.store.undelivered()).map(({ subject }) => subject)).toEqual([arn]);
  await deliverAlerts(service, 'b');
  expect(service.notifier.messages).toHaveLength(1);
});

test('clearing is one conditional write a secret, and no read', async () => {
  const service = await aCrowd(1500);
  const reads: string[] = [];
  let writes = 0;
  const store: AlertStore = {
    ...service.store,
    read: async (subject) => {
      reads.push(subject);
      return service.store.read(subject);
    },
    write: async (state) => {
      writes += 1;
      return service.store.write(state);
    },
  };
  await deliverAlerts({ ...service, store }, 'a');
  expect([reads, writes]).toEqual([[], 1500]);
});

test('outboxes are cleared ten at a time', async () => {
  const service = await aCrowd(100);
  let underWay = 0;
  let most = 0;
  const write: AlertStore['write'] = async (state) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => void setImmediate(resolve));
    underWay -= 1;
    return service.store.write(state);
  };
  await deliverAlerts({ ...service, store: { ...service.store, write } }, 'a');
  expect(most).toBe(10);
});

test('clearing stops when time is up, and the next run clears the rest without a message', async () => {
  const service = await aCrowd(1500);
  let writes = 0;
  const write: AlertStore['write'] = async (state) => {
    writes += 1;
    service.clock.advance(30);
    return service.store.write(state);
  };
  const slow = { ...service, store: { ...service.store, write } };
  await deliverAlerts(slow, 'a', deliveryTurn(service.clock.now(), 25 * SECOND, ['deliver 0']));
  // 15 seconds at 30 ms a write, and what was under way.
  expect(writes).toBeGreaterThanOrEqual(500);
  expect(writes).toBeLessThan(510);
  expect(service.queue.wakes).toEqual([0]);
  await deliverAlerts(service, 'b');
  expect(service.notifier.messages).toHaveLength(1);
  expect(await service.store.undelivered()).toEqual([]);
});

test('a run that ends before others are due has itself followed by the next', async () => {
  const service = await aCrowd(1);
  await remember(
    service.store,
    about('later', { notBefore: later(NOW, 40 * SECOND), rotationFunctionArn: OTHER }),
  );
  await deliverAlerts(service, 'a');
  expect(service.queue.wakes).toEqual([40]);
});

test('a delivery has itself run again so often and not oftener', async () => {
  const service = await aCrowd(1);
  const lock = { name: 'deliver', holder: 'another', now: NOW, until: later(NOW, HOUR) };
  await service.store.acquireLock(lock);
  for (const hop of [49, 50]) await deliverAlerts(service, 'a', { handOverAt: undefined, hop });
  expect(service.queue.wakes).toEqual([5]);
  expect(service.records.map(({ message }) => message)).toEqual(['A delivery was handed over too often']);
});

/** The secrets that a message lists. */
const namesIn = (message: { readonly text: string } | undefined): readonly string[] =>
  message?.text.match(/^- prod\/\d+/gm)?.map((line) => line.slice(2)) ?? [];

/** The names in the messages of one day, in which a sweep has the delivery run every five minutes. */
async function namedWithinADay(service: MemoryService): Promise<ReadonlySet<string>> {
  const begun = service.clock.now();
  while (service.clock.now() - begun < DAY) {
    await deliverAlerts(service, 'deliver');
    service.clock.advance(5 * MINUTE);
  }
  return new Set(service.notifier.messages.flatMap(namesIn));
}

test.each(
  KINDS.slice(0, 4).flatMap(([what, given]) =>
    [30, 70, 700, 1000].map((count) => [count, what, given] as const),
  ),
)('each of %i secrets %s is named within a day, at most 200 a message', async (count, _what, given) => {
  const service = await aCrowd(count, given);
  await deliverAlerts(service, 'first');
  expect(await service.store.undelivered()).toEqual([]);
  expect(await namedWithinADay(service)).toHaveProperty('size', count);
  expect(service.notifier.messages).toHaveLength(Math.ceil(count / 200));
  for (const message of service.notifier.messages) expect(namesIn(message).length).toBeLessThanOrEqual(200);
  expect((await service.store.readTarget(TARGET))?.naming).toEqual([]);
});

test('of more than a thousand secrets one message gives the number and the command that lists all', async () => {
  const service = await aCrowd(1001);
  expect((await namedWithinADay(service)).size).toBe(200);
  const [message, ...others] = service.notifier.messages;
  expect(others).toEqual([]);
  expect(message?.text).toContain('… and 801 more. All of them: rotation-monitor sweep --region eu-west-1');
});

test.each([
  ['the next weekly digest', { transition: 'repeated', reason: 'weekly-digest' }, 7 * DAY],
  ['a repeat', { transition: 'repeated', reason: 'repeat-interval' }, DAY],
] as const)(
  '%s counts those that it does not name because earlier messages did',
  async (_what, given, ms) => {
    const service = await aCrowd(700, given);
    await namedWithinADay(service);
    const before = service.notifier.messages.length;
    service.clock.advance(ms);
    const at = service.clock.now();
    for (let index = 0; index < 700; index++) {
      await remember(service.store, about(`prod/${index}`, { ...given, at, notBefore: at }));
    }
    await deliverAlerts(service, 'later');
    const [message, ...others] = service.notifier.messages.slice(before);
    expect(others).toEqual([]);
    expect(namesIn(message)).toHaveLength(200);
    expect(message?.text).toContain(
      '… and 500 more, named in earlier messages. All of them: rotation-monitor sweep --region eu-west-1',
    );
  },
);

test('secrets that no message has named come first when their group grows, and those that are over not at all', async () => {
  const service = await aCrowd(300);
  await deliverAlerts(service, 'a');
  const named = new Set(namesIn(service.notifier.messages[0]));
  const unnamed = Array.from({ length: 300 }, (_, index) => `prod/${index}`).filter(
    (name) => !named.has(name),
  );
  const [first = '', second = '', ...left] = unnamed;
  const at = later(NOW, MINUTE);
  for (const name of [first, second]) {
    const over = { transition: 'resolved', reason: 'resolved', at, notBefore: at } as const;
    await remember(service.store, about(name, over));
  }
  service.clock.advance(DAY + HOUR);
  for (const name of ['prod/998', 'prod/999']) {
    await remember(service.store, about(name, { at: service.clock.now() }));
  }
  await deliverAlerts(service, 'b');
  const [, grown, over, ...more] = service.notifier.messages;
  expect(namesIn(grown).slice(0, 2)).toEqual(['prod/998', 'prod/999']);
  expect(namesIn(grown).slice(2).sort()).toEqual(left.sort());
  expect(over?.subject).toBe('[RESOLVED] 2 secrets: stuck-pending');
  expect(more).toEqual([]);
});

test('names that the channel does not take are tried again', async () => {
  const service = await aCrowd(300);
  await deliverAlerts(service, 'a');
  service.clock.advance(2 * HOUR);
  const deliver = async () => ({ kind: 'failed', reason: 'throttled', retryable: true }) as const;
  await deliverAlerts({ ...service, notifier: { deliver } }, 'b');
  expect(service.notifier.messages).toHaveLength(1);
  await deliverAlerts(service, 'c');
  await deliverAlerts(service, 'd');
  expect(service.notifier.messages.map(({ subject }) => subject)).toEqual([
    '[HIGH] 300 secrets: stuck-pending',
    '[HIGH] 100 of 300 secrets by name: stuck-pending',
  ]);
});

test('a crowd whose names fail keeps no other from being named, and is named once it can be', async () => {
  const service = await aCrowd(300);
  for (let index = 0; index < 300; index++) {
    await remember(service.store, about(`prod/other-${index}`, { rotationFunctionArn: OTHER }));
  }
  await deliverAlerts(service, 'a');
  const [broken] = (await service.store.readTarget(TARGET))?.naming ?? [];
  service.clock.advance(2 * HOUR);
  const readGroup: AlertStore['readGroup'] = async (key) => {
    if (key === broken?.key) throw new StoreError('Cannot read', { reason: 'throttled', retryable: true });
    return service.store.readGroup(key);
  };
  const failing = { ...service, store: { ...service.store, readGroup } };
  await expect(deliverAlerts(failing, 'b')).rejects.toThrow('1 delivery failed');
  expect(service.notifier.messages).toHaveLength(3);
  await deliverAlerts(service, 'c');
  expect(service.notifier.messages).toHaveLength(4);
  expect((await service.store.readTarget(TARGET))?.naming).toEqual([]);
});
