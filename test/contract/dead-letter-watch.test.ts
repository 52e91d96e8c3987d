import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { memoryDeadLetterWatch } from '../../src/monitor/adapters/memory/watch/memory-dead-letter-watch.ts';
import { sqsDeadLetterWatch } from '../../src/monitor/adapters/sqs/sqs-dead-letter-watch.ts';
import {
  type DeadLetterWatch,
  DeadLetterWatchError,
} from '../../src/monitor/ports/watch/dead-letter-watch.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { deadLetterWatchContract } from './dead-letter-watch.suite.ts';

const ACCOUNT = 'sqs.eu-west-1.amazonaws.com/111122223333';
const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;
const failureOf = async (watch: DeadLetterWatch): Promise<unknown> =>
  watch.count().catch((error: unknown) => error);

describe('memoryDeadLetterWatch', () => {
  deadLetterWatchContract(async (letters) =>
    memoryDeadLetterWatch(Object.entries(letters).map(([name, count]) => ({ queueArn: arnOf(name), count }))),
  );
});

describe('sqsDeadLetterWatch', () => {
  const open = async (letters: Readonly<Record<string, number>>) => {
    const simulator = aSimulator();
    for (const [QueueName, count] of Object.entries(letters)) {
      await simulator.call('sqs', 'CreateQueue', { QueueName }, 'deployer');
      const letter = { QueueUrl: `https://${ACCOUNT}/${QueueName}`, MessageBody: '{}' };
      for (let sent = 0; sent < count; sent++) await simulator.call('sqs', 'SendMessage', letter, 'deployer');
    }
    const urls = Object.keys(letters).map((name) => `https://${ACCOUNT}/${name}`);
    return { simulator, urls, watch: sqsDeadLetterWatch(new SQSClient(sdk(simulator)), urls) };
  };
  deadLetterWatchContract(async (letters) => (await open(letters)).watch);

  test('what a queue gave up is tried once more, the oldest first, and stays when it fails again', async () => {
    const { simulator, watch } = await open({ 'a-dlq': 1 });
    const target = { deadLetterTargetArn: arnOf('a-dlq'), maxReceiveCount: 1 };
    const source = {
      QueueName: 'a',
      Attributes: { RedrivePolicy: JSON.stringify(target), VisibilityTimeout: '0' },
    };
    await simulator.call('sqs', 'CreateQueue', source, 'deployer');
    const QueueUrl = `https://${ACCOUNT}/a`;
    const receive = async () => {
      const got = await simulator.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, 'a');
      return z.object({ Messages: z.array(z.object({ Body: z.string() })).default([]) }).parse(got).Messages;
    };
    for (const MessageBody of ['first', 'second', 'third']) {
      const kind = { DataType: 'String', StringValue: 'event' };
      await simulator.call(
        'sqs',
        'SendMessage',
        { QueueUrl, MessageBody, MessageAttributes: { kind } },
        'sender',
      );
      await simulator.clock.advance(SECOND);
    }
    for (let time = 0; time < 2; time++) await receive();
    expect((await watch.count())[0]?.count).toBe(4);
    expect(await watch.driveOn()).toBe(3);
    expect((await receive()).map(({ Body }) => Body)).toEqual(['first', 'second', 'third']);
    await receive();
    await simulator.clock.advance(10 * MINUTE);
    expect(await watch.driveOn()).toBe(0);
    expect((await watch.count())[0]?.count).toBe(4);
    const looked = await simulator.call(
      'sqs',
      'GetQueueAttributes',
      { QueueUrl, AttributeNames: ['All'] },
      'a',
    );
    expect(looked).toMatchObject({ Attributes: { ApproximateNumberOfMessages: '0' } });
  });

  test('a message that somebody is looking at still counts', async () => {
    const { simulator, watch, urls } = await open({ 'a-dlq': 2 });
    await simulator.call('sqs', 'ReceiveMessage', { QueueUrl: urls[0] }, 'operator');
    expect(await watch.count()).toEqual([{ queueArn: arnOf('a-dlq'), count: 2 }]);
  });

  test.each([
    ['throttled', 'throttled', true],
    ['server-error', 'server', true],
    ['timeout', 'timeout', true],
  ] as const)('a call that is %s is an error of the port', async (kind, reason, retryable) => {
    const { simulator, watch } = await open({ 'a-dlq': 0 });
    simulator.faults.add({ kind, probability: 1 });
    const failure = await failureOf(watch);
    expect(failure).toBeInstanceOf(DeadLetterWatchError);
    expect(failure).toMatchObject({ reason, retryable });
  });

  test('a queue that does not exist is reported as not found, not as an empty one', async () => {
    const { simulator, urls } = await open({ 'a-dlq': 0 });
    const watch = sqsDeadLetterWatch(new SQSClient(sdk(simulator)), [...urls, `https://${ACCOUNT}/gone`]);
    expect(await failureOf(watch)).toMatchObject({ reason: 'not-found', retryable: false });
  });

  test('an answer without a count is an error, not 0', async () => {
    const sqs = mockClient(SQSClient)
      .on(GetQueueAttributesCommand)
      .resolves({ Attributes: { QueueArn: 'a' } });
    onTestFinished(() => sqs.restore());
    const watch = sqsDeadLetterWatch(new SQSClient({ region: 'eu-west-1' }), [`https://${ACCOUNT}/a`]);
    expect(await failureOf(watch)).toMatchObject({ reason: 'invalid', retryable: false });
  });
});
