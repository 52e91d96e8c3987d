import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { later, MINUTE } from '../../src/calendar/instant.ts';
import { memorySweepQueue } from '../../src/monitor/adapters/memory/memory-queues.ts';
import { sqsSweepQueue } from '../../src/monitor/adapters/sqs/sqs-sweep-queue.ts';
import { parseSweepMessage } from '../../src/monitor/adapters/sqs/sweep-message.ts';
import type { SweepRequest } from '../../src/monitor/domain/sweep/sweep-request.ts';
import { emptyTally } from '../../src/monitor/domain/sweep/sweep-result.ts';
import { type SweepQueue, SweepQueueError } from '../../src/monitor/ports/sweep/sweep-queue.ts';
import { NOW } from '../support/builders.ts';
import { TARGET } from '../support/service.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const FRESH: SweepRequest = { target: TARGET, askedAt: NOW, progress: undefined };

const HANDED_OVER: SweepRequest = {
  target: { ...TARGET, account: '444455556666' },
  askedAt: NOW,
  progress: {
    sweepId: 'sweep-1',
    startedAt: NOW,
    hop: 3,
    nextToken: 'page "40"',
    tally: { ...emptyTally, observed: 4000, worstPending: [{ secretName: 'prod/db', seconds: 60 }] },
    apiCalls: 41,
    failed: 1,
    seen: ['abc', 'def'],
    disabled: [],
    eventsCheckedUntil: later(NOW, -MINUTE),
    dailyCheckedUntil: later(NOW, -2 * MINUTE),
  },
};

interface QueueUnderTest {
  readonly queue: SweepQueue;
  readonly received: () => readonly (SweepRequest | undefined)[];
}

function sweepQueueContract(open: () => QueueUnderTest): void {
  test('requests arrive as they were sent', async () => {
    const { queue, received } = open();
    await queue.send([FRESH, HANDED_OVER]);
    expect(received()).toEqual([FRESH, HANDED_OVER]);
  });

  test('more requests than a batch holds all arrive', async () => {
    const { queue, received } = open();
    const requests = Array.from({ length: 23 }, (_, index) => ({
      ...FRESH,
      target: { ...TARGET, account: String(444455550000 + index) },
    }));
    await queue.send(requests);
    expect(received()).toEqual(requests);
  });

  test('no request is no call', async () => {
    const { queue, received } = open();
    await queue.send([]);
    expect(received()).toEqual([]);
  });
}

describe('memorySweepQueue', () => {
  sweepQueueContract(() => {
    const queue = memorySweepQueue();
    return { queue, received: () => queue.requests };
  });
});

describe('sqsSweepQueue', () => {
  const open = () => {
    const simulator = aSimulator();
    simulator.queues.create('sweeps', {});
    const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/sweeps';
    const queue = sqsSweepQueue(new SQSClient(sdk(simulator)), url);
    const received = () => {
      const messages: (SweepRequest | undefined)[] = [];
      for (;;) {
        const more = simulator.queues.receive(simulator.queues.find('sweeps'), { max: 10 });
        if (more.length === 0) return messages;
        messages.push(...more.map(({ body }) => parseSweepMessage(body)));
      }
    };
    return { simulator, queue, received };
  };
  sweepQueueContract(open);

  test('a hand-over of the largest target fits into one message', async () => {
    const { queue, received } = open();
    const hashes = (count: number) =>
      Array.from({ length: count }, (_, index) => String(index).padStart(13, 'z'));
    const { progress } = HANDED_OVER;
    if (progress === undefined) throw new Error('The request has no progress');
    const largest = { ...progress, seen: hashes(45_000), disabled: hashes(20_001) };
    await queue.send([{ ...HANDED_OVER, progress: largest }]);
    expect(received()).toEqual([{ ...HANDED_OVER, progress: largest }]);
  });

  test('a queue that is not there fails, and will tomorrow', async () => {
    const { simulator } = open();
    const queue = sqsSweepQueue(
      new SQSClient(sdk(simulator)),
      'https://sqs.eu-west-1.amazonaws.com/111122223333/none',
    );
    const failure = await queue.send([FRESH]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SweepQueueError);
    expect(failure).toMatchObject({ reason: 'not-found', retryable: false });
  });

  test.each([
    '',
    '{',
    '[]',
    '"deliver"',
    '{"askedAt":1}',
    '{"askedAt":"x","target":{"account":"1","region":"r"}}',
  ])('a message that is none of ours is recognized: %j', (body) => {
    expect(parseSweepMessage(body)).toBeUndefined();
  });
});
