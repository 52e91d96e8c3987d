import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { SECOND } from '../../src/calendar/instant.ts';
import { memoryMessageQueue } from '../../src/monitor/adapters/memory/memory-queues.ts';
import { sqsMessageQueue } from '../../src/monitor/adapters/sqs/sqs-message-queue.ts';
import { type MessageQueue, MessageQueueError } from '../../src/monitor/ports/message-queue.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

interface QueueUnderTest {
  readonly queue: MessageQueue;
  readonly receiptHandle: string;
  /** Whether the message is hidden so many seconds after it was postponed. */
  hiddenAfter(seconds: number): Promise<boolean>;
}

function messageQueueContract(open: () => Promise<QueueUnderTest>): void {
  test('a message that is postponed stays hidden so long, no longer', async () => {
    const { queue, receiptHandle, hiddenAfter } = await open();
    await queue.postpone(receiptHandle, 90);
    expect(await hiddenAfter(89)).toBe(true);
    expect(await hiddenAfter(90)).toBe(false);
  });
}

describe('memoryMessageQueue', () => {
  messageQueueContract(async () => {
    const queue = memoryMessageQueue();
    const hiddenAfter = async (seconds: number) => seconds < (queue.postponed.get('handle') ?? 0);
    return { queue, receiptHandle: 'handle', hiddenAfter };
  });
});

describe('sqsMessageQueue', () => {
  const open = async () => {
    const simulator = aSimulator();
    const start = simulator.clock.now();
    const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/chat';
    await simulator.call('sqs', 'CreateQueue', { QueueName: 'chat' }, 'deployer');
    await simulator.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'hello' }, 'deployer');
    const [message] = simulator.queues.receive(simulator.queues.find('chat'), { max: 1 });
    const hiddenAfter = async (seconds: number) => {
      await simulator.clock.advance(start + seconds * SECOND - simulator.clock.now());
      return simulator.queues.find('chat').depth().visible === 0;
    };
    const queue = sqsMessageQueue(new SQSClient(sdk(simulator)), QueueUrl);
    return { simulator, queue, receiptHandle: message?.receiptHandle ?? '', hiddenAfter };
  };
  messageQueueContract(open);

  test('a time longer than SQS allows becomes the longest', async () => {
    const { queue, receiptHandle, hiddenAfter } = await open();
    await queue.postpone(receiptHandle, 1e6);
    expect(await hiddenAfter(43_199)).toBe(true);
  });

  test('a refused call is an error of the port', async () => {
    const { simulator, queue, receiptHandle } = await open();
    simulator.faults.add({ kind: 'server-error', probability: 1 });
    const failure = await queue.postpone(receiptHandle, 5).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MessageQueueError);
    expect(failure).toMatchObject({ reason: 'server', retryable: true });
  });
});
