import { expect, test } from 'vitest';
import type { RuleTarget } from '../../src/monitor/domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../src/monitor/ports/watch/deployment-probe.ts';

/** Queue of this contract's deployments. */
export const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:events';
/** The target of its rule. */
export const TARGET: RuleTarget = { arn: QUEUE, roleArn: undefined, deadLetterArn: `${QUEUE}-dead` };
export const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alerts';
export const PATTERN: string = JSON.stringify({ source: ['aws.secretsmanager'] });

/**
 * Tests the contract of every probe. `open` answers one of a deployment with a trail that logs all, a queue `events`
 * that feeds the function `take` and that the rule `rotations` sends to, a topic `alerts` with one subscriber, and a
 * log group `/take`.
 */
export function deploymentProbeContract(open: () => Promise<DeploymentProbe>): void {
  test('trails are read with what they record', async () => {
    expect(await (await open()).trails()).toEqual([
      {
        name: 'audit',
        coversRegion: true,
        isLogging: true,
        deliveryError: undefined,
        managementEvents: 'all',
      },
    ]);
  });

  test('a function is read with its queues; one that is fed by none has none', async () => {
    const probe = await open();
    expect(await probe.feeds('take')).toEqual([{ queueArn: QUEUE, isEnabled: true }]);
    expect(await probe.feeds('other')).toEqual([]);
  });

  test('rules are found by what they send to', async () => {
    const probe = await open();
    expect(await probe.rulesTo(QUEUE)).toMatchObject([
      { name: 'rotations', isEnabled: true, pattern: PATTERN, targets: [TARGET] },
    ]);
    expect(await probe.rules()).toEqual(await probe.rulesTo(QUEUE));
    expect(await probe.rulesTo(`${QUEUE}-2`)).toEqual([]);
    expect(await probe.matching(PATTERN, [SAMPLE])).toBe(1);
  });

  test('the default bus is one of the buses', async () => {
    expect((await (await open()).buses()).map(({ name }) => name)).toEqual(['default']);
  });

  test('a queue is found by ARN and by URL; one that is not there is undefined', async () => {
    const probe = await open();
    for (const address of [QUEUE, 'https://sqs.eu-west-1.amazonaws.com/111122223333/events'])
      expect(await probe.queue(address)).toMatchObject({ arn: QUEUE, messages: 0, policy: undefined });
    expect(await probe.queue(`${QUEUE}-2`)).toBeUndefined();
  });

  test('a topic is read with its subscribers; one that is not there is undefined', async () => {
    const probe = await open();
    expect(await probe.topic(TOPIC)).toMatchObject({
      subscriptions: [
        { protocol: 'email', endpoint: 'oncall@example.com', isConfirmed: true, filterPolicy: undefined },
      ],
    });
    expect(await probe.topic(`${TOPIC}-2`)).toBeUndefined();
  });

  test('a log group is there under its whole name alone', async () => {
    const probe = await open();
    expect([await probe.logGroupExists('/take'), await probe.logGroupExists('/ta')]).toEqual([true, false]);
  });
}

const SAMPLE = {
  id: '00000000-0000-4000-8000-000000000000',
  account: '111122223333',
  source: 'aws.secretsmanager',
  time: '2026-01-01T00:00:00Z',
  region: 'eu-west-1',
  resources: [],
  'detail-type': 'x',
  detail: {},
};
