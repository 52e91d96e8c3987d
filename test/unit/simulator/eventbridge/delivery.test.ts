import { expect, test } from 'vitest';
import { MINUTE } from '../../../../src/calendar/instant.ts';
import type { BusEvent } from '../../../../src/simulator/call/service.ts';
import { type OpenAccount, openAccount } from '../open-account.ts';

const anEvent = (id: string, detail: BusEvent['detail'] = {}): BusEvent => ({
  version: '0',
  id,
  'detail-type': 'AWS Service Event via CloudTrail',
  source: 'aws.secretsmanager',
  account: '111122223333',
  time: '2026-11-21T10:00:00Z',
  region: 'eu-west-1',
  resources: [],
  detail,
});

/** An account with a queue `all` behind a rule for every event of Secrets Manager. */
async function withRule(rule: Record<string, string> = {}): Promise<OpenAccount> {
  const account = openAccount();
  const { arn } = account.queues.create('all', {});
  const EventPattern = '{"source":["aws.secretsmanager"]}';
  await account.call('events', 'PutRule', { Name: 'r', EventPattern, ...rule }, 'operator');
  await account.call('events', 'PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn: arn }] }, 'operator');
  return account;
}

async function emitMany(account: OpenAccount, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await account.eventBridge.emit(anEvent(`e${index}`));
}

function idsReceived(account: OpenAccount): readonly string[] {
  const queue = account.queues.find('all');
  const ids: string[] = [];
  for (;;) {
    const messages = account.queues.receive(queue, { max: 10 });
    if (messages.length === 0) return ids;
    ids.push(...messages.map(({ body }) => String(JSON.parse(body).id)));
  }
}

test('an event of a service reaches its queue at once, once and in order when there are no faults', async () => {
  const account = await withRule();
  await emitMany(account, 3);
  expect(idsReceived(account)).toEqual(['e0', 'e1', 'e2']);
  expect(account.eventBridge.counts()).toEqual({
    emitted: 3,
    delivered: 3,
    unmatched: 0,
    dropped: 0,
    failed: 0,
  });
});

test('drop 1 swallows every event and drop 0 none', async () => {
  const account = await withRule();
  account.eventBridge.setFaults({ drop: 1 });
  await emitMany(account, 5);
  expect(idsReceived(account)).toEqual([]);
  expect(account.eventBridge.counts()).toMatchObject({ emitted: 5, delivered: 0, dropped: 5 });
  account.eventBridge.setFaults({ drop: 0 });
  await emitMany(account, 1);
  expect(idsReceived(account)).toEqual(['e0']);
});

test('drop 0.3 swallows about three in ten, the same ones for the same seed', async () => {
  const run = async (): Promise<readonly string[]> => {
    const account = await withRule();
    account.eventBridge.setFaults({ drop: 0.3 });
    await emitMany(account, 1000);
    return idsReceived(account);
  };
  const ids = await run();
  expect(ids.length).toBeGreaterThan(640);
  expect(ids.length).toBeLessThan(760);
  await expect(run()).resolves.toEqual(ids);
});

test('duplicate 1 delivers every event twice under one id', async () => {
  const account = await withRule();
  account.eventBridge.setFaults({ duplicate: 1 });
  await emitMany(account, 2);
  expect(idsReceived(account)).toEqual(['e0', 'e0', 'e1', 'e1']);
  expect(account.eventBridge.counts()).toMatchObject({ emitted: 2, delivered: 4 });
});

test('delayMaxMs holds events back for at most so long and lets them overtake each other', async () => {
  const account = await withRule();
  account.eventBridge.setFaults({ delayMaxMs: 5 * MINUTE });
  await emitMany(account, 20);
  await account.clock.advance(5 * MINUTE);
  const ids = idsReceived(account);
  expect(ids).toHaveLength(20);
  expect(ids).not.toEqual(ids.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
});

test('read-only calls match only rules that ask for all management events', async () => {
  const read: BusEvent = {
    ...anEvent('read', { readOnly: true }),
    'detail-type': 'AWS API Call via CloudTrail',
  };
  const usual = await withRule();
  await usual.eventBridge.emit(read);
  expect(idsReceived(usual)).toEqual([]);
  const all = await withRule({ State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' });
  await all.eventBridge.emit(read);
  expect(idsReceived(all)).toEqual(['read']);
});

test('delayShare holds back only so many of the events, the others arrive at once', async () => {
  const account = await withRule();
  account.eventBridge.setFaults({ delayMaxMs: 5 * MINUTE, delayShare: 0.1 });
  await emitMany(account, 500);
  const prompt = idsReceived(account);
  expect(prompt.length).toBeGreaterThan(420);
  expect(prompt.length).toBeLessThan(480);
  await account.clock.advance(5 * MINUTE);
  expect(new Set([...prompt, ...idsReceived(account)]).size).toBe(500);
});

test('an event reaches the subscribers of a topic as its message, and fails where there is no topic', async () => {
  const account = await withRule();
  const { TopicArn } = (await account.call('sns', 'CreateTopic', { Name: 't' }, 'operator')) as {
    TopicArn: string;
  };
  const Endpoint = account.queues.create('subscribed', {}).arn;
  const Attributes = { RawMessageDelivery: 'true' };
  await account.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, Attributes }, 'operator');
  const Targets = [
    { Id: '1', Arn: TopicArn },
    { Id: '2', Arn: `${TopicArn}-gone` },
  ];
  await account.call('events', 'PutTargets', { Rule: 'r', Targets }, 'operator');
  await account.eventBridge.emit(anEvent('e0'));
  const [message] = account.queues.receive(account.queues.find('subscribed'), { max: 10 });
  expect(JSON.parse(message?.body ?? '')).toEqual(anEvent('e0'));
  expect(account.eventBridge.counts()).toMatchObject({ delivered: 1, failed: 1 });
});
