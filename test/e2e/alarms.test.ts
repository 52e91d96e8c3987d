import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/calendar/instant.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { READERS } from '../../src/proving/player/monitor.ts';
import { aDeployment, type Deployed, rotatesWell } from '../support/deployed.ts';
import type { TestSimulator } from '../support/simulated.ts';

const ALARMED = /^ALARM: "rotation-monitor-([\w-]+)"/;
const OVER = /^OK: "rotation-monitor-([\w-]+)"/;

/** The monitor with its alarms, after it has settled: the alarms have said that all is well. */
async function settled(prepare: (simulator: TestSimulator) => void = () => undefined): Promise<Deployed> {
  const deployed = await aDeployment(prepare, { observability: true });
  await deployed.simulator.clock.advance(70 * MINUTE);
  return deployed;
}

/** Returns the alarms' messages from `from` on. */
const told = ({ inbox }: Deployed, pattern: RegExp, from = 0): readonly string[] =>
  inbox()
    .slice(from)
    .flatMap(({ subject, address }) =>
      address === READERS.HealthEmail ? (pattern.exec(subject)?.[1] ?? []) : [],
    );

const stateOf = async ({ simulator }: Deployed, name: string): Promise<string | undefined> => {
  const { MetricAlarms } = (await simulator.call(
    'monitoring',
    'DescribeAlarms',
    { AlarmNames: [`rotation-monitor-${name}`] },
    'test',
  )) as { MetricAlarms: readonly { StateValue: string }[] };
  return MetricAlarms[0]?.StateValue;
};

test('a healthy night rings no alarm, and those that report both ends say once that all is well', async () => {
  const deployed = await settled(rotatesWell);
  await deployed.simulator.clock.advance(4 * HOUR);
  expect(told(deployed, ALARMED)).toEqual([]);
  expect([...told(deployed, OVER)].sort()).toEqual([
    'blind',
    'events-missed',
    'no-subscriber',
    'sweep-missing',
    'undelivered',
    'unverifiable',
  ]);
});

test('sweeps that stop ring within half an hour, and the monitor counts as blind until they are back', async () => {
  const deployed = await settled();
  const { simulator, inbox, deployment } = deployed;
  const before = inbox().length;
  const [schedule] = ofType(deployment.resources, 'AWS::Scheduler::Schedule');
  const { id: Name = '', properties = {} } = schedule ?? {};
  const { GroupName } = properties;
  await simulator.call('scheduler', 'DeleteSchedule', { Name, GroupName }, 'operator');
  await simulator.clock.advance(14 * MINUTE);
  expect(told(deployed, ALARMED, before)).toEqual([]);
  await simulator.clock.advance(16 * MINUTE);
  expect(told(deployed, ALARMED, before)).toEqual(['sweep-missing', 'blind']);
  const [mail] = inbox().slice(before);
  expect(JSON.parse(mail?.message ?? '')).toMatchObject({
    NewStateReason:
      'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
    AlarmDescription: expect.stringContaining('Runbook: docs/runbooks/alarms.md#sweep-missing'),
  });
  await simulator.call('scheduler', 'CreateSchedule', { Name, ...properties }, 'operator');
  await simulator.clock.advance(11 * MINUTE);
  expect(told(deployed, OVER, before)).toEqual(['sweep-missing', 'blind']);
});

test('secrets that cannot be listed ring, for the heartbeat stays away', async () => {
  const deployed = await settled();
  const before = deployed.inbox().length;
  deployed.simulator.faults.add({
    kind: 'server-error',
    probability: 1,
    service: 'secretsmanager',
    operation: 'ListSecrets',
    role: deployed.deployment.functionOf('sweep').role,
  });
  await deployed.simulator.clock.advance(40 * MINUTE);
  expect(told(deployed, ALARMED, before)).toContain('sweep-missing');
  expect(told(deployed, ALARMED, before)).toContain('blind');
});

test('an alert topic without a subscriber rings', async () => {
  const deployed = await settled();
  const { simulator, deployment } = deployed;
  const before = deployed.inbox().length;
  const TopicArn = deployment.config.alertTopicArn;
  const { Subscriptions } = (await simulator.call(
    'sns',
    'ListSubscriptionsByTopic',
    { TopicArn },
    'operator',
  )) as {
    Subscriptions: readonly { SubscriptionArn: string }[];
  };
  for (const { SubscriptionArn } of Subscriptions) {
    await simulator.call('sns', 'Unsubscribe', { SubscriptionArn }, 'operator');
  }
  await simulator.clock.advance(20 * MINUTE);
  expect(told(deployed, ALARMED, before)).toEqual(['no-subscriber', 'blind']);
});

test('a function that fails on every message rings, and so does the dead-letter queue they end in', async () => {
  const deployed = await settled(rotatesWell);
  const { simulator } = deployed;
  const before = deployed.inbox().length;
  simulator.faults.add({
    kind: 'server-error',
    probability: 1,
    service: 'dynamodb',
    role: deployed.deployment.functionOf('on-rotation-event').role,
  });
  await simulator.call(
    'secretsmanager',
    'RotateSecret',
    { SecretId: 'well', ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000001' },
    'operator',
  );
  await simulator.clock.advance(HOUR);
  expect(told(deployed, ALARMED, before)).toContain('dead-letters-messages');
  expect(told(deployed, OVER, before)).not.toContain('dead-letters-messages');
});

test('what is found rings to be seen, and notifies nobody', async () => {
  const deployed = await settled(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', behaviour: 'error', step: 'testSecret' });
    secretsManager.seed({
      name: 'ill',
      kind: 'function',
      function: 'rotate',
      schedule: 'cron(0 2 * * ? *)',
      duration: '2h',
    });
  });
  await deployed.simulator.clock.advance(4 * HOUR);
  expect(await stateOf(deployed, 'pending-stuck')).toBe('ALARM');
  expect(await stateOf(deployed, 'critical-alerts')).toBe('ALARM');
  expect(told(deployed, ALARMED)).toEqual([]);
});
