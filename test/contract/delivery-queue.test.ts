import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { SECOND } from '../../src/calendar/instant.ts';
import { memoryDeliveryQueue } from '../../src/monitor/adapters/memory/memory-queues.ts';
import { sqsDeliveryQueue } from '../../src/monitor/adapters/sqs/sqs-delivery-queue.ts';
import { type DeliveryQueue, DeliveryQueueError } from '../../src/monitor/ports/tell/delivery-queue.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

function deliveryQueueContract(
  open: () => Promise<{ queue: DeliveryQueue; woken(afterSeconds: number): Promise<number> }>,
): void {
  test('a run is asked for after the delay, not before', async () => {
    const { queue, woken } = await open();
    await queue.wake(30);
    expect(await woken(29)).toBe(0);
    expect(await woken(30)).toBe(1);
  });

  test('each wake is one run', async () => {
    const { queue, woken } = await open();
    await queue.wake(5);
    await queue.wake(0);
    expect(await woken(5)).toBe(2);
  });
}

describe('memoryDeliveryQueue', () => {
  deliveryQueueContract(async () => {
    const queue = memoryDeliveryQueue();
    return { queue, woken: async (after) => queue.wakes.filter((delay) => delay <= after).length };
  });
});

describe('sqsDeliveryQueue', () => {
  const open = async () => {
    const simulator = aSimulator();
    const start = simulator.clock.now();
    let runs = 0;
    await simulator.call('sqs', 'CreateQueue', { QueueName: 'delivery' }, 'deployer');
    simulator.functions.register('deliver', () => {
      runs += 1;
    });
    simulator.mapEventSource({ queue: 'delivery', functionName: 'deliver', batchSize: 1 });
    const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/delivery';
    const woken = async (afterSeconds: number) => {
      await simulator.clock.advance(start + afterSeconds * SECOND - simulator.clock.now());
      return runs;
    };
    return { simulator, queue: sqsDeliveryQueue(new SQSClient(sdk(simulator)), url), woken };
  };
  deliveryQueueContract(open);

  test('a delay longer than SQS allows becomes the longest', async () => {
    const { queue, woken } = await open();
    await queue.wake(5000);
    expect(await woken(900)).toBe(1);
  });

  test('a refused call is an error of the port', async () => {
    const { simulator, queue } = await open();
    simulator.faults.add({ kind: 'server-error', probability: 1 });
    const failure = await queue.wake(1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeliveryQueueError);
    expect(failure).toMatchObject({ reason: 'server', retryable: true });
  });
});
