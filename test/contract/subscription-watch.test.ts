import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memorySubscriptionWatch } from '../../src/monitor/adapters/memory/watch/memory-subscription-watch.ts';
import { snsSubscriptionWatch } from '../../src/monitor/adapters/sns/sns-subscription-watch.ts';
import {
  type SubscriptionCount,
  SubscriptionWatchError,
} from '../../src/monitor/ports/watch/subscription-watch.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { NOW } from '../support/builders.ts';
import { sdk } from '../support/simulated.ts';
import { subscriptionWatchContract } from './subscription-watch.suite.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alerts';

describe('memorySubscriptionWatch', () => {
  subscriptionWatchContract(async (subscribed) => memorySubscriptionWatch(subscribed));
});

describe('snsSubscriptionWatch', () => {
  const open = async ({ confirmed, pending }: SubscriptionCount) => {
    const simulator = createSimulator({ clock: new VirtualClock(NOW), seed: 1, emailsArePending: true });
    onTestFinished(() => simulator.close());
    await simulator.call('sns', 'CreateTopic', { Name: 'alerts' }, 'deployer');
    for (let index = 0; index < confirmed + pending; index++) {
      const Endpoint = `oncall-${index}@example.com`;
      await simulator.call('sns', 'Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint }, 'deployer');
      if (index < confirmed) simulator.sns.confirm(Endpoint);
    }
    return { simulator, watch: snsSubscriptionWatch(new SNSClient(sdk(simulator)), TOPIC) };
  };
  subscriptionWatchContract(async (subscribed) => (await open(subscribed)).watch);

  const failureOf = async (count: Promise<SubscriptionCount>): Promise<unknown> =>
    count.catch((error: unknown) => error);

  test.each([
    ['throttled', 'throttled', true],
    ['server-error', 'server', true],
    ['timeout', 'timeout', true],
  ] as const)('a call that is %s is an error of the port', async (kind, reason, retryable) => {
    const { simulator, watch } = await open({ confirmed: 1, pending: 0 });
    simulator.faults.add({ kind, probability: 1 });
    const failure = await failureOf(watch.count());
    expect(failure).toBeInstanceOf(SubscriptionWatchError);
    expect(failure).toMatchObject({ reason, retryable });
  });

  test('a topic that does not exist is reported as not found, not as one without subscriptions', async () => {
    const { simulator } = await open({ confirmed: 0, pending: 0 });
    const watch = snsSubscriptionWatch(new SNSClient(sdk(simulator)), `${TOPIC}-gone`);
    expect(await failureOf(watch.count())).toMatchObject({ reason: 'not-found', retryable: false });
  });

  test('an answer without a count is an error, not 0', async () => {
    const sns = mockClient(SNSClient).on(GetTopicAttributesCommand).resolves({ Attributes: {} });
    onTestFinished(() => sns.restore());
    const watch = snsSubscriptionWatch(new SNSClient({ region: 'eu-west-1' }), TOPIC);
    expect(await failureOf(watch.count())).toMatchObject({ reason: 'invalid', retryable: false });
  });
});
