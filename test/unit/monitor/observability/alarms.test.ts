import { expect, test } from 'vitest';
import { alarmDefinitions } from '../../../../src/monitor/observability/alarms/alarm-definitions.ts';
import {
  alarmArn,
  compositeAlarmInput,
  metricAlarmInput,
} from '../../../../src/monitor/observability/alarms/alarm-input.ts';
import type { Watched } from '../../../../src/monitor/observability/watched.ts';
import { sampleDeployment, sampleWithEverything } from '../../../../src/proving/player/sample-deployment.ts';

const SAMPLE_DEPLOYMENT = sampleDeployment();
const SAMPLE_WITH_EVERYTHING = sampleWithEverything();

const HEALTH = 'arn:aws:sns:eu-west-1:111122223333:rotation-health';
const definitions = alarmDefinitions(SAMPLE_WITH_EVERYTHING);
const all = [...definitions.service, ...definitions.findings];

const inputOf = (key: string, watched: Watched = SAMPLE_DEPLOYMENT) => {
  const { service, findings } = alarmDefinitions(watched);
  const alarm = [...service, ...findings].find((each) => each.key === key);
  if (alarm === undefined) throw new Error(`There is no alarm ${key}`);
  return metricAlarmInput(watched, alarm, HEALTH);
};

test('every alarm has a name of its own, and a composite alarm names alarms that exist', () => {
  const keys = all.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { anyOf } of definitions.composite) expect(keys).toEqual(expect.arrayContaining([...anyOf]));
});

test.each(all.map((alarm) => [alarm.key, alarm] as const))(
  'alarm %s is within the limits of CloudWatch and links its runbook',
  (_key, alarm) => {
    const input = metricAlarmInput(SAMPLE_DEPLOYMENT, alarm, HEALTH);
    expect(input.AlarmName).toMatch(/^[ -~]{1,255}$/);
    expect(input.AlarmDescription.length).toBeLessThanOrEqual(1024);
    expect(input.AlarmDescription).toMatch(
      / Runbook: https:\/\/wiki\.example\.com\/runbooks\/[\w-]+\.md(#[\w-]+)?$/,
    );
    expect(alarm.datapointsToAlarm).toBeLessThanOrEqual(alarm.evaluationPeriods);
    expect(alarm.periodSeconds % 60).toBe(0);
    expect(alarm.periodSeconds * alarm.evaluationPeriods).toBeLessThanOrEqual(86_400);
    expect((input.Metrics ?? []).length).toBeLessThanOrEqual(10);
  },
);

test('the heartbeat rings after three missed intervals, and silence is bad', () => {
  expect(inputOf('sweep-missing')).toMatchObject({
    MetricName: 'SweepHeartbeat',
    Statistic: 'Sum',
    Period: 300,
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 3,
    TreatMissingData: 'breaching',
    AlarmActions: [HEALTH],
    OKActions: [HEALTH],
  });
});

test('alarms on what sweeps publish take the interval of the sweeps, in whole minutes', () => {
  const every = (sweepIntervalSeconds: number) =>
    inputOf('no-subscriber', { ...SAMPLE_DEPLOYMENT, sweepIntervalSeconds }).Period;
  expect([every(600), every(601), every(30)]).toEqual([600, 660, 60]);
});

test('alarms about the monitor notify the health topic, alarms on findings nobody', () => {
  for (const alarm of definitions.service) {
    expect(metricAlarmInput(SAMPLE_DEPLOYMENT, alarm, HEALTH)).toMatchObject({
      ActionsEnabled: true,
      AlarmActions: [HEALTH],
    });
  }
  for (const alarm of definitions.findings) {
    expect(metricAlarmInput(SAMPLE_DEPLOYMENT, alarm, HEALTH)).toMatchObject({
      ActionsEnabled: false,
      AlarmActions: [],
      OKActions: [],
    });
  }
});

const keysOf = (watched: Watched): readonly string[] =>
  alarmDefinitions(watched).service.map(({ key }) => key);

test('every queue and dead-letter queue has its alarm, and every function whose failures nothing else reports', () => {
  const keys = keysOf(SAMPLE_WITH_EVERYTHING);
  for (const queue of Object.keys(SAMPLE_WITH_EVERYTHING.queues))
    expect(keys).toContain(`queue-late-${queue}`);
  for (const queue of Object.keys(SAMPLE_WITH_EVERYTHING.deadLetterQueues))
    expect(keys).toContain(`dead-letters-${queue}`);
  const watched = Object.keys(SAMPLE_WITH_EVERYTHING.functions).map((name) => `function-failing-${name}`);
  expect(watched.filter((key) => !keys.includes(key)).sort()).toEqual([
    'function-failing-acknowledge',
    'function-failing-audit',
    'function-failing-canary-tick',
    'function-failing-keep-exception',
    'function-failing-open-alerts-widget',
    'function-failing-read-memory',
    'function-failing-record-repair',
  ]);
});

test('what only members need has alarms only where there are members', () => {
  const { service, composite } = alarmDefinitions({ ...SAMPLE_WITH_EVERYTHING, hasMembers: false });
  const left = service.map(({ key }) => key);
  expect(keysOf(SAMPLE_WITH_EVERYTHING).filter((key) => !left.includes(key))).toEqual([
    'target-unreachable',
    'queue-late-sweeps',
    'function-failing-sweep-target',
  ]);
  for (const { anyOf } of composite) expect(left).toEqual(expect.arrayContaining([...anyOf]));
});

test('local agents have an alarm only where applications report on them', () => {
  const without = keysOf({ ...SAMPLE_WITH_EVERYTHING, hasLocalAgents: false });
  expect(keysOf(SAMPLE_WITH_EVERYTHING).filter((key) => !without.includes(key))).toEqual([
    'agent-unavailable',
  ]);
});

test('a deployment without a queue for what cannot be handed over has no alarm on one', () => {
  const keys = keysOf({ ...SAMPLE_DEPLOYMENT, deadLetterQueues: { messages: 'dead' } });
  expect(keys.filter((key) => key.startsWith('dead-letters-'))).toEqual(['dead-letters-messages']);
});

test('the throttles of a function that a queue feeds are left to the alarm on its queue', () => {
  expect(inputOf('function-failing-on-rotation-event')).toMatchObject({
    MetricName: 'Errors',
    Statistic: 'Sum',
    Threshold: 0,
  });
});

test('of check-secret, which no queue feeds, failures and throttles count alike', () => {
  expect(inputOf('function-failing-check-secret')).toMatchObject({
    Metrics: [
      {
        Id: 'errors',
        MetricStat: { Metric: { MetricName: 'Errors' }, Period: 300, Stat: 'Sum' },
        ReturnData: false,
      },
      { Id: 'throttles', MetricStat: { Metric: { MetricName: 'Throttles' } }, ReturnData: false },
      { Id: 'result', Expression: 'errors + throttles', ReturnData: true },
    ],
  });
});

test('alarms on the canary exist where it does, and call silence bad', () => {
  const canary = definitions.service.filter(({ key }) => key.startsWith('canary-'));
  expect(canary.map((alarm) => metricAlarmInput(SAMPLE_WITH_EVERYTHING, alarm, HEALTH))).toMatchObject([
    { MetricName: 'CanaryEventDelay', Dimensions: [{ Name: 'Kind', Value: 'call' }], EvaluationPeriods: 3 },
    { MetricName: 'CanaryEventDelay', Dimensions: [{ Name: 'Kind', Value: 'rotation' }] },
    {
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: 'rotation-monitor-on-label-updated' }],
    },
  ]);
  expect(canary.map(({ missingData, tells }) => [missingData, tells])).toEqual(
    Array.from({ length: 3 }, () => ['breaching', 'both-ends']),
  );
  const without = alarmDefinitions(SAMPLE_DEPLOYMENT).service.map(({ key }) => key);
  expect(without.filter((key) => key.includes('canary'))).toEqual([]);
});

test('the function that fails on purpose has no alarm', () => {
  expect(keysOf(SAMPLE_WITH_EVERYTHING)).not.toContain('function-failing-canary-rotation');
});

test('the composite alarm rings when one of its alarms does', () => {
  const [blind] = definitions.composite;
  expect(blind && compositeAlarmInput(SAMPLE_WITH_EVERYTHING, blind, HEALTH)).toMatchObject({
    AlarmName: 'rotation-monitor-blind',
    AlarmRule:
      'ALARM("rotation-monitor-sweep-missing") OR ALARM("rotation-monitor-target-unreachable") OR ALARM("rotation-monitor-no-subscriber") OR ALARM("rotation-monitor-undelivered")',
    AlarmActions: [HEALTH],
  });
});

test('without an address of the runbooks the description names the page in the repository', () => {
  const watched = { ...SAMPLE_DEPLOYMENT, runbookBaseUrl: undefined };
  expect(inputOf('unverifiable', watched).AlarmDescription).toMatch(
    / Runbook: docs\/runbooks\/unverifiable\.md$/,
  );
});

test('an alarm is found by its ARN', () => {
  expect(alarmArn(SAMPLE_DEPLOYMENT, 'blind')).toBe(
    'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:rotation-monitor-blind',
  );
});
