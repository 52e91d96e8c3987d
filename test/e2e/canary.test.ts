import { Duration } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { expect, test } from 'vitest';
import { aMonitor } from '../../infra/templates/monitor-stack.ts';
import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { START } from '../support/deployed.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';
import { deployChecked } from '../support/template/deploy-checked.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const RESOURCES = deployedResources(
  aMonitor(() => ({
    canary: true,
    dashboards: false,
    sweepInterval: Duration.hours(1),
    subscriptions: [new EmailSubscription('oncall@example.com')],
    healthSubscriptions: [new EmailSubscription('platform@example.com')],
  })),
);

/** The synthesized monitor with its canary, and one secret beside it that rotates every night. */
async function deployed(): Promise<TestSimulator> {
  const simulator = aSimulator(START);
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const nightly = { schedule: 'cron(0 2 * * ? *)', duration: '2h' };
  secretsManager.seed({ name: 'prod/stock', kind: 'function', function: 'rotate', ...nightly });
  await deployChecked(simulator, RESOURCES);
  return simulator;
}

const roleOf = (handler: string): string => {
  const functions = ofType(RESOURCES, 'AWS::Lambda::Function');
  const found = functions.find(({ properties }) => properties['Handler'] === `${handler}.handler`);
  return String(found?.properties['Role']).split('/').at(-1) ?? '';
};

/** One value of a metric for all the time since the start; undefined when there is none. */
async function measured(
  simulator: TestSimulator,
  name: string,
  { stat, kind }: { readonly stat: string; readonly kind?: string },
): Promise<number | undefined> {
  const Dimensions = kind === undefined ? [] : [{ Name: 'Kind', Value: kind }];
  const Metric = { Namespace: 'SecretRotation', MetricName: name, Dimensions };
  const query = {
    MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: (4 * DAY) / 1000, Stat: stat } }],
    StartTime: START / 1000,
    EndTime: later(START, 4 * DAY) / 1000,
  };
  const answer = await simulator.call('monitoring', 'GetMetricData', query, 'test');
  const { MetricDataResults } = answer as {
    MetricDataResults: readonly { readonly Values: readonly number[] }[];
  };
  return MetricDataResults[0]?.Values.reduce<number | undefined>(
    (sum, value) => (sum ?? 0) + value,
    undefined,
  );
}

/** Returns the alarms' messages, with the hour since the start. */
const told = ({ sns }: TestSimulator, state: 'ALARM' | 'OK') =>
  sns.inbox.flatMap(({ subject, at }) => {
    const alarm = new RegExp(`^${state}: "rotation-monitor-([\\w-]+)"`).exec(subject)?.[1];
    return alarm === undefined ? [] : [{ alarm, hour: (at - START) / HOUR }];
  });

/** Mails about secrets. The summary of the weekly audit is none: it comes whatever happens. */
const alerts = ({ sns }: TestSimulator) =>
  sns.inbox.filter(
    ({ address, attributes }) => address === 'oncall@example.com' && attributes['code'] !== 'audit-summary',
  );

test('in two days a canary succeeds and fails, alerts nobody, and is in no number about the secrets', async () => {
  const simulator = await deployed();
  await simulator.clock.advance(2 * DAY);
  const arn = [...simulator.secretsManager.secrets()].find(({ name }) => name !== 'prod/stock')?.arn ?? '';
  const history = simulator.secretsManager.history(arn);
  const failures = history.filter(({ failure }) => failure !== undefined);
  expect(failures.length).toBeGreaterThanOrEqual(5);
  for (const { failedStep, failure } of failures) {
    expect(failedStep).toBe('testSecret');
    expect(failure).toContain('The canary fails on purpose');
  }
  expect(simulator.callLog.counts(roleOf('canary-rotation'))).toMatchObject({
    'secretsmanager:UpdateSecretVersionStage': expect.toSatisfy((count: number) => count >= 10),
  });
  expect(alerts(simulator)).toEqual([]);
  expect(told(simulator, 'ALARM')).toEqual([]);

  expect(
    await measured(simulator, 'CanaryEventDelay', { stat: 'SampleCount', kind: 'call' }),
  ).toBeGreaterThan(48);
  expect(
    await measured(simulator, 'CanaryEventDelay', { stat: 'SampleCount', kind: 'rotation' }),
  ).toBeGreaterThan(20);
  expect(await measured(simulator, 'SecretsObserved', { stat: 'Maximum' })).toBe(1);
  expect(await measured(simulator, 'RotationSucceeded', { stat: 'Sum' })).toBe(2);
  for (const name of ['PendingStuck', 'RotationsInProgress', 'AlertsOpen', 'UndeliveredNotifications'])
    expect(await measured(simulator, name, { stat: 'Maximum' }), name).toBe(0);
  for (const name of ['RotationFlakes', 'EventsMissed', 'EventsUnrecognised', 'RotationAbandoned'])
    expect(await measured(simulator, name, { stat: 'Sum' }), name).toBeUndefined();
  const metrics = (await simulator.call('monitoring', 'ListMetrics', {}, 'test')) as {
    readonly Metrics: readonly { readonly MetricName: string }[];
  };
  expect(metrics.Metrics.map(({ MetricName }) => MetricName)).not.toContain('RotationFailed');
});

test.each([
  ['SecretChanges', 'canary-calls-silent', 3],
  ['RotationOutcomes', 'canary-rotations-silent', 10],
  ['LabelUpdated', 'canary-labels-silent', 10],
])('without the rule %s %s rings, alone, until the rule is back', async (ruleName, alarm, hours) => {
  const simulator = await deployed();
  const Name = ofType(RESOURCES, 'AWS::Events::Rule').find(({ id }) => id.includes(ruleName))?.id;
  await simulator.clock.advance(6 * HOUR + MINUTE);
  await simulator.call('events', 'DisableRule', { Name }, 'operator');
  await simulator.clock.advance((hours + 4) * HOUR);
  const [rung, ...others] = told(simulator, 'ALARM');
  expect(others).toEqual([]);
  expect(rung?.alarm).toBe(alarm);
  // The last event was there before, and CloudWatch looks a little further back than its datapoints.
  expect(rung?.hour).toBeGreaterThan(hours);
  expect(rung?.hour).toBeLessThanOrEqual(6 + hours + 3);
  await simulator.call('events', 'EnableRule', { Name }, 'operator');
  await simulator.clock.advance(6 * HOUR);
  // An alarm says that all is well once it has its first datapoint; that on audits waits for the first sweep of a day.
  const ends = told(simulator, 'OK').filter(({ alarm: each }) => each !== 'audit-overdue');
  expect(ends.at(-1)?.alarm).toBe(alarm);
  expect(alerts(simulator)).toEqual([]);
});
