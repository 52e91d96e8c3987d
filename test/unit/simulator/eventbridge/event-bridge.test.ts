import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { clientOf, type OpenAccount, openAccount } from '../open-account.ts';

const ORDERS = '{"source":["orders"]}';
const queueArn = (name: string): string => `arn:aws:sqs:eu-west-1:111122223333:${name}`;

/** An account with a queue `orders` behind a rule for events of the source `orders`. */
async function withRule(): Promise<{ account: OpenAccount; events: EventBridgeClient }> {
  const account = openAccount();
  const events = new EventBridgeClient(clientOf(account));
  account.queues.create('orders', {});
  await events.send(new PutRuleCommand({ Name: 'orders', EventPattern: ORDERS }));
  await events.send(
    new PutTargetsCommand({ Rule: 'orders', Targets: [{ Id: 'queue', Arn: queueArn('orders') }] }),
  );
  return { account, events };
}

const received = (account: OpenAccount, name = 'orders'): readonly unknown[] =>
  account.queues.receive(account.queues.find(name), { max: 10 }).map((message) => JSON.parse(message.body));

const entry = { Source: 'orders', DetailType: 'Order Placed', Detail: '{"id":1}' };

test('PutEvents delivers the envelope to the queue behind a matching rule', async () => {
  const { account, events } = await withRule();
  const { Entries } = await events.send(
    new PutEventsCommand({
      Entries: [{ ...entry, Resources: ['r'], Time: new Date('2026-01-02T03:04:05.678Z') }],
    }),
  );
  expect(received(account)).toEqual([
    {
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'Order Placed',
      source: 'orders',
      account: '111122223333',
      time: '2026-01-02T03:04:05Z',
      region: 'eu-west-1',
      resources: ['r'],
      detail: { id: 1 },
    },
  ]);
});

test('PutEvents gives an event without a time the present one', async () => {
  const { account, events } = await withRule();
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(received(account)).toMatchObject([{ time: '2026-11-21T10:00:00Z', resources: [] }]);
});

test('PutEvents lets each entry succeed or fail for itself', async () => {
  const { account, events } = await withRule();
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        entry,
        { ...entry, Source: 'aws.secretsmanager' },
        { ...entry, Detail: '[1]' },
        { ...entry, Detail: 'no json' },
        { ...entry, DetailType: '' },
        { ...entry, EventBusName: 'nowhere' },
      ],
    }),
  );
  expect(FailedEntryCount).toBe(5);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'NotAuthorizedForSourceException',
    'MalformedDetail',
    'MalformedDetail',
    'InvalidArgument',
    'ResourceNotFoundException',
  ]);
  expect(received(account)).toHaveLength(1);
});

test('PutEvents takes ten entries of less than 1 MB together', async () => {
  const { events } = await withRule();
  const ofSize = (bytes: number) => ({ ...entry, Detail: JSON.stringify({ x: 'x'.repeat(bytes) }) });
  const overhead = 'orders'.length + 'Order Placed'.length + '{"x":""}'.length;
  const put = (Entries: (typeof entry)[]) => events.send(new PutEventsCommand({ Entries }));
  await expect(put([ofSize(1024 * 1024 - overhead - 1)])).resolves.toMatchObject({ FailedEntryCount: 0 });
  await expect(put([ofSize(1024 * 1024 - overhead)])).rejects.toThrow('Total size of the entries');
  await expect(put(Array.from({ length: 11 }, () => entry))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('PutEvents of an event that no rule takes is counted as unmatched', async () => {
  const { account, events } = await withRule();
  await events.send(new PutEventsCommand({ Entries: [entry, { ...entry, Source: 'other' }] }));
  expect(account.eventBridge.counts()).toEqual({
    emitted: 2,
    delivered: 1,
    unmatched: 1,
    dropped: 0,
    failed: 0,
  });
});

test('a disabled rule takes nothing until it is enabled', async () => {
  const { account, events } = await withRule();
  await events.send(new DisableRuleCommand({ Name: 'orders' }));
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(received(account)).toHaveLength(0);
  await events.send(new EnableRuleCommand({ Name: 'orders' }));
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(received(account)).toHaveLength(1);
});

test('a custom bus has rules of its own', async () => {
  const { account, events } = await withRule();
  await events.send(new CreateEventBusCommand({ Name: 'shop' }));
  await events.send(new PutRuleCommand({ Name: 'r', EventBusName: 'shop', EventPattern: ORDERS }));
  account.queues.create('shop', {});
  await events.send(
    new PutTargetsCommand({ Rule: 'r', EventBusName: 'shop', Targets: [{ Id: '1', Arn: queueArn('shop') }] }),
  );
  await events.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: 'shop' }] }));
  expect(received(account, 'shop')).toHaveLength(1);
  expect(received(account, 'orders')).toHaveLength(0);
  const rule = await events.send(new DescribeRuleCommand({ Name: 'r', EventBusName: 'shop' }));
  expect(rule.Arn).toBe('arn:aws:events:eu-west-1:111122223333:rule/shop/r');
});

test('buses are listed, described by name or ARN, and deleted, but for the default one', async () => {
  const { events } = await withRule();
  await events.send(new CreateEventBusCommand({ Name: 'shop' }));
  const { EventBuses } = await events.send(new ListEventBusesCommand({}));
  expect(EventBuses?.map(({ Name }) => Name)).toEqual(['default', 'shop']);
  const Arn = 'arn:aws:events:eu-west-1:111122223333:event-bus/shop';
  await expect(events.send(new DescribeEventBusCommand({ Name: Arn }))).resolves.toMatchObject({
    Name: 'shop',
    Arn,
  });
  await expect(events.send(new CreateEventBusCommand({ Name: 'shop' }))).rejects.toThrow('already exists');
  await events.send(new DeleteEventBusCommand({ Name: 'shop' }));
  await expect(events.send(new DescribeEventBusCommand({ Name: 'shop' }))).rejects.toThrow(
    'Event bus shop does not exist.',
  );
  await expect(events.send(new DeleteEventBusCommand({ Name: 'default' }))).rejects.toThrow('default');
});

test('rules are described and listed by prefix as they were put', async () => {
  const { events } = await withRule();
  await events.send(
    new PutRuleCommand({ Name: 'tick', ScheduleExpression: 'rate(5 minutes)', Description: 'd' }),
  );
  await expect(events.send(new DescribeRuleCommand({ Name: 'orders' }))).resolves.toMatchObject({
    Name: 'orders',
    Arn: 'arn:aws:events:eu-west-1:111122223333:rule/orders',
    EventPattern: ORDERS,
    State: 'ENABLED',
    EventBusName: 'default',
  });
  const listed = await events.send(new ListRulesCommand({ NamePrefix: 't' }));
  expect(listed.Rules).toMatchObject([
    { Name: 'tick', ScheduleExpression: 'rate(5 minutes)', Description: 'd' },
  ]);
});

test('PutRule on an existing rule keeps its targets', async () => {
  const { account, events } = await withRule();
  await events.send(new PutRuleCommand({ Name: 'orders', EventPattern: '{"source":["orders","other"]}' }));
  await events.send(new PutEventsCommand({ Entries: [{ ...entry, Source: 'other' }] }));
  expect(received(account)).toHaveLength(1);
});

test('PutRule refuses a bad pattern, a bad name and a rule without a pattern', async () => {
  const { events } = await withRule();
  await expect(events.send(new PutRuleCommand({ Name: 'x', EventPattern: '{"a":1}' }))).rejects.toMatchObject(
    {
      name: 'InvalidEventPatternException',
      message: 'Event pattern is not valid. Reason: "a" must be an object or an array',
    },
  );
  await expect(events.send(new PutRuleCommand({ Name: 'a b', EventPattern: ORDERS }))).rejects.toThrow(
    'Name',
  );
  await expect(events.send(new PutRuleCommand({ Name: 'x' }))).rejects.toThrow('must be specified');
});

test('targets are listed and removed, after which the rule can be deleted', async () => {
  const { events } = await withRule();
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'orders' }));
  expect(Targets).toEqual([{ Id: 'queue', Arn: queueArn('orders') }]);
  await expect(events.send(new DeleteRuleCommand({ Name: 'orders' }))).rejects.toThrow(
    'since it has targets',
  );
  const removed = await events.send(new RemoveTargetsCommand({ Rule: 'orders', Ids: ['queue', 'none'] }));
  expect(removed).toMatchObject({ FailedEntryCount: 1, FailedEntries: [{ TargetId: 'none' }] });
  await events.send(new DeleteRuleCommand({ Name: 'orders' }));
  await events.send(new DeleteRuleCommand({ Name: 'orders' }));
  await expect(events.send(new DescribeRuleCommand({ Name: 'orders' }))).rejects.toThrow(
    'Rule orders does not exist on EventBus default.',
  );
});

test('a rule has five targets at most and none that transforms its input', async () => {
  const { events } = await withRule();
  const target = (index: number) => ({ Id: `t${index}`, Arn: queueArn('orders') });
  const put = (Targets: { Id: string; Arn: string }[]) =>
    events.send(new PutTargetsCommand({ Rule: 'orders', Targets }));
  await put([1, 2, 3, 4].map(target));
  await expect(put([target(5)])).rejects.toMatchObject({ name: 'LimitExceededException' });
  const transformed = { ...target(1), InputTransformer: { InputTemplate: '"x"' } };
  await expect(put([transformed])).rejects.toThrow('does not transform');
});

test('a target gets its constant input, or the part of the event that its path names', async () => {
  const { account, events } = await withRule();
  for (const name of ['constant', 'part']) account.queues.create(name, {});
  const Targets = [
    { Id: 'a', Arn: queueArn('constant'), Input: '{"always":1}' },
    { Id: 'b', Arn: queueArn('part'), InputPath: '$.detail' },
  ];
  await events.send(new PutTargetsCommand({ Rule: 'orders', Targets }));
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(received(account, 'constant')).toEqual([{ always: 1 }]);
  expect(received(account, 'part')).toEqual([{ id: 1 }]);
});

test('a function behind a rule is invoked with the event when the clock goes on', async () => {
  const { account, events } = await withRule();
  const seen: unknown[] = [];
  const Arn = account.functions.register('on-order', (event) => void seen.push(event));
  await events.send(new PutTargetsCommand({ Rule: 'orders', Targets: [{ Id: 'f', Arn }] }));
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(seen).toHaveLength(0);
  await account.clock.advance(0);
  expect(seen).toMatchObject([{ source: 'orders', detail: { id: 1 } }]);
});

test('a target that does not exist is counted as failed', async () => {
  const { account, events } = await withRule();
  const Targets = [
    { Id: 'q', Arn: queueArn('gone') },
    { Id: 'f', Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:gone' },
  ];
  await events.send(new PutTargetsCommand({ Rule: 'orders', Targets }));
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(account.eventBridge.counts()).toMatchObject({ delivered: 1, failed: 2 });
});

test('TestEventPattern answers whether an event matches', async () => {
  const { events } = await withRule();
  const check = async (Event: string): Promise<boolean | undefined> =>
    (await events.send(new TestEventPatternCommand({ EventPattern: ORDERS, Event }))).Result;
  await expect(check('{"source":"orders"}')).resolves.toBe(true);
  await expect(check('{"source":"other"}')).resolves.toBe(false);
  await expect(check('{')).rejects.toThrow('Event is not valid JSON');
});
