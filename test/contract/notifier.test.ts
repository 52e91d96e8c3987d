import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryNotifier } from '../../src/monitor/adapters/memory/memory-notifier.ts';
import { amazonQNotifier } from '../../src/monitor/adapters/sns/amazon-q-notifier.ts';
import { parseChat } from '../../src/monitor/adapters/sns/chat-message.ts';
import { chatTopicNotifier } from '../../src/monitor/adapters/sns/chat-topic-notifier.ts';
import { snsNotifier, snsSubject, snsText } from '../../src/monitor/adapters/sns/sns-notifier.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { aMessage, notifierContract } from './notifier.suite.ts';

describe('memoryNotifier', () => {
  notifierContract(async () => {
    const notifier = memoryNotifier();
    return { notifier, arrived: async () => notifier.messages };
  });
});

describe('snsNotifier', () => {
  const open = async () => {
    const simulator = aSimulator();
    const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:alerts';
    await simulator.call('sns', 'CreateTopic', { Name: 'alerts' }, 'deployer');
    await simulator.call(
      'sns',
      'Subscribe',
      { TopicArn, Protocol: 'email', Endpoint: 'oncall@example.com' },
      'deployer',
    );
    return {
      simulator,
      notifier: snsNotifier(new SNSClient(sdk(simulator)), TopicArn),
      arrived: async () =>
        simulator.sns.inbox.map(({ subject = '', message }) => ({ subject, text: message })),
    };
  };
  notifierContract(open);

  test('attributes go along for subscriptions to filter by', async () => {
    const sns = mockClient(SNSClient).on(PublishCommand).resolves({});
    await snsNotifier(
      new SNSClient({ region: 'eu-west-1' }),
      'arn:aws:sns:eu-west-1:111122223333:alerts',
    ).deliver({ ...aMessage(), attributes: { severity: ['HIGH', 'LOW'], code: 'stuck-pending', owner: '' } });
    expect(sns.commandCalls(PublishCommand)[0]?.args[0].input.MessageAttributes).toEqual({
      severity: { DataType: 'String.Array', StringValue: '["HIGH","LOW"]' },
      code: { DataType: 'String', StringValue: 'stuck-pending' },
    });
    sns.restore();
  });

  test.each([
    ['throttled', 'throttled', true],
    ['server-error', 'server', true],
    ['timeout', 'timeout', true],
  ] as const)('a call that is %s is reported as %s', async (kind, reason, retryable) => {
    const { simulator, notifier } = await open();
    simulator.faults.add({ kind, probability: 1 });
    expect(await notifier.deliver(aMessage())).toEqual({ kind: 'failed', reason, retryable });
  });

  test('a topic that does not exist is reported as not found and not worth trying again', async () => {
    const notifier = snsNotifier(new SNSClient(sdk(aSimulator())), 'arn:aws:sns:eu-west-1:111122223333:none');
    expect(await notifier.deliver(aMessage())).toEqual({
      kind: 'failed',
      reason: 'not-found',
      retryable: false,
    });
  });

  test('every subject is printable ASCII of 1 to 99 characters, every text 1 byte to 248 KiB', () => {
    void fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(snsSubject(text)).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
        expect(Buffer.byteLength(snsText(text))).toBeGreaterThan(0);
      }),
    );
    const long = fc.tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), fc.nat(300_000));
    void fc.assert(
      fc.property(long, ([text, length]) => {
        const bytes = Buffer.byteLength(snsText(text.repeat(1 + length / text.length)));
        expect(bytes).toBeLessThanOrEqual(248 * 1024);
        expect(bytes).toBeGreaterThan(0);
      }),
    );
    expect(snsText('ü'.repeat(200_000))).not.toContain('�');
  });
});

/** A topic whose messages lie in an inbox as they were published. */
async function aTopic(name: string) {
  const simulator = aSimulator();
  const TopicArn = `arn:aws:sns:eu-west-1:111122223333:${name}`;
  await simulator.call('sns', 'CreateTopic', { Name: name }, 'deployer');
  const reader = { Protocol: 'email', Endpoint: 'oncall@example.com' };
  await simulator.call('sns', 'Subscribe', { TopicArn, ...reader }, 'deployer');
  return { client: new SNSClient(sdk(simulator)), simulator, TopicArn };
}

describe('chatTopicNotifier', () => {
  const open = async () => {
    const { client, simulator, TopicArn } = await aTopic('chat');
    const arrived = async () =>
      simulator.sns.inbox.map(({ message }) => {
        const { title = '', what = [], risk } = parseChat(message) ?? {};
        return { subject: title, text: [...what, `Risk: ${risk}`].join('\n') };
      });
    return { simulator, notifier: chatTopicNotifier(client, TopicArn), arrived };
  };
  notifierContract(open);

  test('attributes go along for subscriptions to filter by', async () => {
    const { simulator, notifier } = await open();
    await notifier.deliver(aMessage());
    expect(simulator.sns.inbox[0]?.attributes).toEqual({ severity: 'HIGH', code: 'stuck-pending' });
  });

  test('a topic that does not exist is reported as not found', async () => {
    const { client } = await aTopic('chat');
    const notifier = chatTopicNotifier(client, 'arn:aws:sns:eu-west-1:111122223333:none');
    expect(await notifier.deliver(aMessage())).toMatchObject({ kind: 'failed', reason: 'not-found' });
  });
});

describe('amazonQNotifier', () => {
  notifierContract(async () => {
    const { client, simulator, TopicArn } = await aTopic('amazon-q');
    const arrived = async () =>
      simulator.sns.inbox.map(({ message }) => {
        const { title, description } = JSON.parse(message).content;
        return { subject: title, text: description.replaceAll('*', '').split('\nAccount')[0] };
      });
    return { notifier: amazonQNotifier(client, TopicArn), arrived };
  });
});
