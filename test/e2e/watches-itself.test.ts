import { expect, test } from 'vitest';
import * as z from 'zod';
import { DAY, HOUR, later, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';
import { aDeployment, CONFIG, type Deployed, START } from '../support/deployed.ts';
import type { TestSimulator } from '../support/simulated.ts';
import { aWatcher } from '../support/watcher.ts';

const TOKEN = 'planted-token-c41b';
const HEARTBEAT = '/rotation-monitor/heartbeat-url';
const BEATING = { heartbeatUrlParameterName: HEARTBEAT };
const { alertTopicArn: TOPIC, healthTopicArn: HEALTH_TOPIC = '' } = CONFIG;

const healthyFleet = ({ secretsManager }: TestSimulator): void => {
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  for (const name of ['daily/a', 'daily/b'])
    secretsManager.seed({ name, kind: 'function', function: 'rotate', schedule: 'cron(0 2 * * ? *)' });
};
const stuck = ({ secretsManager }: TestSimulator): void => {
  secretsManager.functions.register({ name: 'broken', behaviour: 'error', step: 'setSecret' });
  secretsManager.seed({
    name: 'prod/orders',
    kind: 'function',
    function: 'broken',
    schedule: 'cron(0 2 * * ? *)',
    duration: '2h',
  });
};

const subscribe = (simulator: TestSimulator) =>
  simulator.call(
    'sns',
    'Subscribe',
    { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'oncall@example.com' },
    'operator',
  );

const on = (topicArn: string, { inbox }: Deployed): readonly Email[] =>
  inbox().filter((mail) => mail.topicArn === topicArn);
const subjects = (topicArn: string, deployed: Deployed): readonly string[] =>
  on(topicArn, deployed).map(({ subject }) => subject);

/** Deploys with a watcher outside AWS, whose address is a parameter. */
async function withWatcher(prepare: (simulator: TestSimulator) => void) {
  const watcher = await aWatcher(TOKEN);
  const deployed = await aDeployment(prepare, { props: BEATING });
  const store = (Value: string) =>
    deployed.simulator.call(
      'ssm',
      'PutParameter',
      { Name: HEARTBEAT, Type: 'SecureString', Value, Overwrite: true },
      'operator',
    );
  await store(watcher.url);
  return { ...deployed, watcher, store };
}

/** Returns the events that applications receive on their bus. */
async function applicationsOf({ simulator }: Deployed): Promise<readonly unknown[]> {
  const heard: unknown[] = [];
  const Arn = simulator.functions.register('application', (event) => void heard.push(event));
  const rule = { EventBusName: 'applications' };
  const EventPattern = JSON.stringify({ source: ['secret-rotation-monitor'] });
  await simulator.call('events', 'PutRule', { ...rule, Name: 'app', EventPattern }, 'deployer');
  const Targets = [{ Id: 'app', Arn }];
  await simulator.call('events', 'PutTargets', { ...rule, Rule: 'app', Targets }, 'deployer');
  return heard;
}

const subscribed = z.object({ Subscriptions: z.array(z.object({ SubscriptionArn: z.string() })) });
const invalidation = z.object({ detail: z.object({ secretName: z.string(), versionId: z.string() }) });
const listed = z.object({ Metrics: z.array(z.looseObject({})) });
const summed = z.object({ Datapoints: z.array(z.object({ Sum: z.number() })) });

/** The sum of a metric since the start, over all its dimensions. */
async function sumOf({ simulator }: Deployed, MetricName: string): Promise<number> {
  const { Metrics } = listed.parse(
    await simulator.call('monitoring', 'ListMetrics', { MetricName }, 'auditor'),
  );
  let sum = 0;
  for (const metric of Metrics) {
    const span = {
      StartTime: START / SECOND,
      EndTime: simulator.clock.now() / SECOND + 1,
      Period: 30 * 86_400,
    };
    const request = { ...metric, ...span, Statistics: ['Sum'] };
    const answer = await simulator.call('monitoring', 'GetMetricStatistics', request, 'auditor');
    sum += summed.parse(answer).Datapoints.reduce((total, { Sum }) => total + Sum, 0);
  }
  return sum;
}

/** Seldom enough for days to pass quickly. */
const OVER_DAYS = { sweepEveryMs: HOUR };

test('a fleet that is well says nothing about itself', async () => {
  const deployed = await aDeployment(healthyFleet, OVER_DAYS);
  await deployed.simulator.clock.advanceTo(later(START, 2 * DAY));
  expect(deployed.inbox()).toEqual([]);
  expect(deployed.simulator.cloudWatch.last('SubscriptionsConfirmed')).toBe(1);
  expect(deployed.simulator.cloudWatch.last('UndeliveredNotifications')).toBe(0);
  expect(await sumOf(deployed, 'EventsMissed')).toBe(0);
  expect(deployed.errors()).toBe(0);
});

test('when nobody is subscribed any longer, the metric is 0 and the health topic is notified, once', async () => {
  const deployed = await aDeployment(healthyFleet);
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, HOUR));
  const { Subscriptions } = subscribed.parse(
    await simulator.call('sns', 'ListSubscriptionsByTopic', { TopicArn: TOPIC }, 'operator'),
  );
  for (const { SubscriptionArn } of Subscriptions)
    await simulator.call('sns', 'Unsubscribe', { SubscriptionArn }, 'operator');
  await simulator.clock.advance(HOUR);
  expect(simulator.cloudWatch.last('SubscriptionsConfirmed')).toBe(0);
  const told = '[HIGH] Rotation monitor of 111122223333 eu-west-1: no-subscriber';
  expect(subjects(HEALTH_TOPIC, deployed)).toEqual([told]);
  await subscribe(simulator);
  await simulator.clock.advance(HOUR);
  expect(subjects(HEALTH_TOPIC, deployed)).toEqual([told, told.replace('[HIGH]', '[RESOLVED]')]);
  expect(deployed.errors()).toBe(0);
});

test('with every event lost, each rotation is counted once and applications learn of its version', async () => {
  const deployed = await aDeployment(healthyFleet, OVER_DAYS);
  const { simulator } = deployed;
  const heard = await applicationsOf(deployed);
  for (const handler of ['on-rotation-event', 'on-label-updated'])
    simulator.functions.register(deployed.deployment.functionOf(handler).name, () => undefined);
  await simulator.clock.advanceTo(later(START, 3 * DAY));
  const rotations = ['daily/a', 'daily/b'].flatMap((name) => {
    const current = simulator.secretsManager
      .history(name)
      .map(({ stages }) => Object.keys(stages).find((version) => stages[version]?.includes('AWSCURRENT')));
    return [...new Set(current)].slice(1).map((version) => `${name} ${version}`);
  });
  expect(rotations).toHaveLength(6);
  expect(await sumOf(deployed, 'EventsMissed')).toBe(6);
  const told = heard.map((event) => {
    const { detail } = invalidation.parse(event);
    return `${detail.secretName} ${detail.versionId}`;
  });
  expect([...told].sort()).toEqual([...rotations].sort());
  expect(deployed.inbox()).toEqual([]);
  expect(deployed.errors()).toBe(0);
});

test('an alert topic that refuses is reported on the health topic; nothing is lost, and what stands comes later', async () => {
  const deployed = await aDeployment(stuck);
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, HOUR));
  await simulator.call('sns', 'DeleteTopic', { TopicArn: TOPIC }, 'operator');
  await simulator.clock.advanceTo(later(START, 8 * HOUR));
  const told = '[HIGH] Rotation monitor of 111122223333 eu-west-1: undeliverable';
  expect(subjects(TOPIC, deployed)).toEqual([]);
  expect(subjects(HEALTH_TOPIC, deployed)).toEqual([told]);
  expect(simulator.cloudWatch.last('UndeliveredNotifications')).toBeGreaterThan(0);
  const refusals =
    simulator.callLog.failures(deployed.deployment.functionOf('deliver').role)['sns:Publish:NotFound'] ?? 0;
  expect(refusals).toBeGreaterThan(50);
  expect(refusals).toBeLessThanOrEqual(7 * 12);
  await simulator.call('sns', 'CreateTopic', { Name: TOPIC.split(':').at(-1) }, 'operator');
  await subscribe(simulator);
  await simulator.clock.advance(10 * MINUTE);
  expect(subjects(TOPIC, deployed)).toEqual(['[HIGH] prod/orders: stuck-pending']);
  expect(subjects(HEALTH_TOPIC, deployed)).toEqual([told, told.replace('[HIGH]', '[RESOLVED]')]);
  expect(simulator.cloudWatch.last('UndeliveredNotifications')).toBe(0);
  expect(deployed.errors()).toBe(0);
});

test('what a queue gave up on is reported on the health topic, and so is its end', async () => {
  const deployed = await aDeployment(healthyFleet);
  const { simulator, deployment } = deployed;
  simulator.faults.add({ kind: 'server-error', probability: 1, role: deployment.functionOf('deliver').role });
  const { deliveryQueueUrl: QueueUrl } = deployment.config;
  await simulator.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'deliver' }, 'operator');
  await simulator.clock.advance(HOUR);
  const told = '[HIGH] Rotation monitor of 111122223333 eu-west-1: dead-letters';
  const deadLetters = deployment.idOf('AWS::SQS::Queue', 'DeadLetters');
  expect(subjects(HEALTH_TOPIC, deployed)).toEqual([told]);
  expect(on(HEALTH_TOPIC, deployed)[0]?.message).toContain(
    `Dead-letter queues hold messages: ${deadLetters} 1.`,
  );
  // The sweeps try it again now and then: it is purged while it lies there.
  const dead = simulator.queues.url(simulator.queues.find(deadLetters));
  while (simulator.queues.find(deadLetters).depth().visible === 0) await simulator.clock.advance(MINUTE);
  await simulator.call('sqs', 'PurgeQueue', { QueueUrl: dead }, 'operator');
  await simulator.clock.advance(2 * HOUR + 10 * MINUTE);
  expect(subjects(HEALTH_TOPIC, deployed)).toEqual([told, told.replace('[HIGH]', '[RESOLVED]')]);
});

test('every complete sweep beats, and a watcher that fails stops nothing', async () => {
  const deployed = await withWatcher(healthyFleet);
  const { simulator, deployment, watcher } = deployed;
  await simulator.clock.advanceTo(later(START, HOUR / 2));
  expect(watcher.requests).toEqual(Array(deployment.sweeps()).fill(`GET /ping/${TOKEN}`));
  watcher.answer((response) => void response.writeHead(500).end());
  await simulator.clock.advance(HOUR / 2);
  watcher.answer((response) => response.destroy());
  await simulator.clock.advance(HOUR / 2);
  expect(watcher.requests).toHaveLength(deployment.sweeps());
  expect(deployment.sweeps()).toBeGreaterThanOrEqual(18);
  expect(await sumOf(deployed, 'HeartbeatsFailed')).toBe(12);
  expect(deployed.errors()).toBe(0);
});

test('a heartbeat address that is wrong stops nothing, is reported once, and one put in its place is used', async () => {
  const deployed = await withWatcher(stuck);
  const { simulator, store, watcher } = deployed;
  await store(`${TOKEN} is no address`);
  await simulator.clock.advanceTo(later(START, 3 * HOUR));
  const told = '[HIGH] Rotation monitor of 111122223333 eu-west-1: heartbeat-unheard';
  expect(subjects(HEALTH_TOPIC, deployed)).toEqual([told]);
  expect(on(HEALTH_TOPIC, deployed)[0]?.message).not.toContain(TOKEN);
  expect(on(TOPIC, deployed).map(({ subject }) => subject)).toContainEqual(
    expect.stringContaining('prod/orders'),
  );
  expect(deployed.errors()).toBe(0);
  await store(watcher.url);
  await simulator.clock.advance(HOUR);
  expect(watcher.requests.length).toBeGreaterThan(10);
  expect(subjects(HEALTH_TOPIC, deployed)).toEqual([told, told.replace('[HIGH]', '[RESOLVED]')]);
});

test('the address of the watcher is read once, by sweep alone', async () => {
  const { simulator, deployment } = await withWatcher(stuck);
  await simulator.clock.advanceTo(later(START, 3 * HOUR));
  const readers = simulator.callLog
    .roles()
    .filter((role) => simulator.callLog.counts(role)['ssm:GetParameter']);
  const { role } = deployment.functionOf('sweep');
  expect(readers).toEqual([role]);
  expect(simulator.callLog.counts(role)['ssm:GetParameter']).toBe(1);
});

test('a watcher that does not answer holds a sweep up for five seconds', async () => {
  const deployed = await withWatcher(healthyFleet);
  const { watcher } = deployed;
  watcher.answer(() => undefined);
  const began = process.hrtime.bigint();
  await deployed.simulator.clock.advance(MINUTE);
  expect(Number(process.hrtime.bigint() - began) / 1e9).toBeLessThan(20);
  expect(await sumOf(deployed, 'HeartbeatsFailed')).toBe(deployed.deployment.sweeps());
  expect(deployed.logs.join('\n')).toContain('no answer within 5000 ms');
  expect(deployed.errors()).toBe(0);
});

test('a planted heartbeat token is in no log, metric, message, event, queue or table', async () => {
  const deployed = await withWatcher(stuck);
  const { simulator, deployment, logs, inbox, watcher } = deployed;
  const heard = await applicationsOf(deployed);
  await simulator.clock.advanceTo(later(START, 3 * HOUR));
  watcher.answer((response) => void response.writeHead(404).end(TOKEN));
  await simulator.clock.advance(HOUR);
  watcher.answer((response) => response.destroy());
  await simulator.clock.advance(HOUR);
  expect(watcher.requests.length).toBeGreaterThan(0);
  expect(logs.some((line) => line.includes('Cannot send the heartbeat'))).toBe(true);
  expect(inbox().length).toBeGreaterThan(0);
  const table = await simulator.call(
    'dynamodb',
    'Scan',
    { TableName: deployment.config.tableName },
    'auditor',
  );
  const metrics = await simulator.call('monitoring', 'ListMetrics', {}, 'auditor');
  const lastErrors = deployment.functions.map(({ name }) =>
    String(simulator.functions.stats(name).lastError),
  );
  const { config } = deployment;
  const everything = JSON.stringify({ logs, mails: inbox(), heard, table, metrics, lastErrors, config });
  expect(everything).not.toContain(TOKEN);
});
