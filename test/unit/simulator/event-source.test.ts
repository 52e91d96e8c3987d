import type { SQSEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { SECOND } from '../../../src/calendar/instant.ts';
import { type OpenAccount, openAccount, START } from './open-account.ts';

/** The bodies of each invocation; the function answers or throws what `react` does. */
function openSource(react: (bodies: readonly string[], event: SQSEvent) => unknown, options = {}) {
  const account = openAccount();
  const queue = account.queues.create('q', { VisibilityTimeout: '60' });
  const batches: string[][] = [];
  const events: SQSEvent[] = [];
  account.functions.register('f', (event) => {
    const { Records } = event as SQSEvent;
    batches.push(Records.map(({ body }) => body));
    events.push({ Records });
    return react(
      Records.map(({ body }) => body),
      { Records },
    );
  });
  const stop = account.mapEventSource({ queue: 'q', functionName: 'f', ...options });
  return { account, queue, batches, events, stop };
}

const send = ({ queues }: OpenAccount, ...bodies: string[]): void => {
  for (const body of bodies) queues.find('q').send({ body });
};

test('messages of one moment come as one batch when the clock goes on, and are deleted', async () => {
  const { account, queue, batches } = openSource(() => undefined);
  send(account, 'a', 'b');
  expect(batches).toEqual([]);
  await account.clock.advance(0);
  expect(batches).toEqual([['a', 'b']]);
  expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('messages that were there before the mapping are fed, too', async () => {
  const account = openAccount();
  account.queues.create('q', {});
  send(account, 'early');
  account.functions.register('f', () => undefined);
  account.mapEventSource({ queue: 'arn:aws:sqs:eu-west-1:111122223333:q', functionName: 'f' });
  await account.clock.advance(0);
  expect(account.functions.stats('f').invocations).toBe(1);
});

test('batches have the size asked for, one after the other', async () => {
  const { account, batches } = openSource(() => undefined, { batchSize: 2 });
  send(account, 'a', 'b', 'c');
  await account.clock.advance(0);
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

test('a delayed message is fed when its time comes', async () => {
  const { account, queue, batches } = openSource(() => undefined);
  queue.send({ body: 'late', delaySeconds: 30 });
  await account.clock.advance(30 * SECOND - 1);
  expect(batches).toEqual([]);
  await account.clock.advance(1);
  expect(batches).toEqual([['late']]);
});

test('the function gets the records that Lambda makes of messages', async () => {
  const { account, queue, events } = openSource(() => undefined);
  queue.send({ body: 'a', attributes: { owner: { DataType: 'String', StringValue: 'x' } } });
  await account.clock.advance(0);
  expect(events[0]?.Records[0]).toMatchObject({
    body: 'a',
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(START) },
    messageAttributes: { owner: { dataType: 'String', stringValue: 'x' } },
    md5OfBody: '0cc175b9c0f1b6a831c399e269772661',
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: 'eu-west-1',
  });
});

test('a batch whose function throws comes again whole after the visibility timeout', async () => {
  let failing = true;
  const { account, batches } = openSource(() => {
    if (failing) throw new Error('broken');
  });
  send(account, 'a', 'b');
  await account.clock.advance(59 * SECOND);
  expect(batches).toHaveLength(1);
  failing = false;
  await account.clock.advance(1 * SECOND);
  expect(batches).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(account.functions.stats('f')).toMatchObject({ invocations: 2, errors: 1 });
});

test('reported failures alone come again', async () => {
  const react = (_: readonly string[], { Records }: SQSEvent) => ({
    batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  });
  const { account, batches } = openSource(react, { reportBatchItemFailures: true });
  send(account, 'good', 'bad');
  await account.clock.advance(60 * SECOND);
  expect(batches).toEqual([['good', 'bad'], ['bad']]);
});

test('reported failures mean nothing when the mapping does not ask for them', async () => {
  const react = (_: readonly string[], { Records }: SQSEvent) => ({
    batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
  });
  const { account, batches } = openSource(react);
  send(account, 'a');
  await account.clock.advance(120 * SECOND);
  expect(batches).toEqual([['a']]);
});

test.each([[{ batchItemFailures: [{ itemIdentifier: '' }] }], [{ batchItemFailures: 'all' }]])(
  'a report that cannot be read, %j, means that all failed',
  async (report) => {
    const { account, batches } = openSource(() => report, { reportBatchItemFailures: true });
    send(account, 'a');
    await account.clock.advance(60 * SECOND);
    expect(batches).toEqual([['a'], ['a']]);
  },
);

test.each([[undefined], [null], ['ok'], [{}], [{ batchItemFailures: null }], [{ batchItemFailures: [] }]])(
  'the answer %j means that all went well',
  async (report) => {
    const { account, queue } = openSource(() => report, { reportBatchItemFailures: true });
    send(account, 'a');
    await account.clock.advance(0);
    expect(queue.depth().inFlight).toBe(0);
  },
);

test('a message that fails too often ends in the dead-letter queue', async () => {
  const { account, queue, batches } = openSource(() => {
    throw new Error('broken');
  });
  const dead = account.queues.create('dead', {});
  queue.attributes.set(
    'RedrivePolicy',
    JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 }),
  );
  send(account, 'poison');
  await account.clock.advance(600 * SECOND);
  expect(batches).toHaveLength(3);
  expect(dead.depth().visible).toBe(1);
  expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a stopped mapping feeds nothing more', async () => {
  const { account, batches, stop } = openSource(() => undefined);
  send(account, 'a');
  stop();
  await account.clock.advance(60 * SECOND);
  expect(batches).toEqual([]);
});

test('a message that the function sends to its own queue is fed in the same moment', async () => {
  const { account, batches } = openSource((bodies) => {
    if (bodies[0] === 'a') send(account, 'b');
  });
  send(account, 'a');
  await account.clock.advance(0);
  expect(batches).toEqual([['a'], ['b']]);
});
