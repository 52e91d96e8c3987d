import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, test } from 'vitest';
import { MonitorResources } from '../../infra/constructs/monitor-resources.ts';
import {
  RotationAlarms,
  RotationDashboards,
  watchedDeployment,
} from '../../infra/constructs/rotation-alarms.ts';
import { alarmDefinitions } from '../../src/monitor/observability/alarms/alarm-definitions.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { aSimulator } from '../support/simulated.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const WATCHED = ['sweep', 'deliver', 'on-rotation-event'];
const HANDLERS = [...WATCHED, 'open-alerts-widget'];

/** A stack with nothing but queues, alarms and dashboards. */
function aWatchedStack() {
  const stack = new Stack(new App(), 'rotation-monitor');
  const resources = new MonitorResources(stack, 'Resources', {
    checkSecretArn: 'arn:aws:lambda:eu-west-1:111122223333:function:check-secret',
    auditArn: 'arn:aws:lambda:eu-west-1:111122223333:function:audit',
  });
  const watched = watchedDeployment(stack, {
    resources,
    handlerNames: HANDLERS,
    failuresSeenOtherwise: ['open-alerts-widget'],
    hasLocalAgents: true,
    sweepInterval: Duration.minutes(5),
    metricsNamespace: 'SecretRotation',
    runbookBaseUrl: 'https://wiki.example.com/runbooks',
  });
  new RotationAlarms(stack, 'Alarms', { watched, healthTopic: new Topic(stack, 'Health') });
  new RotationDashboards(stack, 'Dashboards', { watched });
  return { watched, resources: deployedResources(stack) };
}

const { watched, resources } = aWatchedStack();
const definitions = alarmDefinitions(watched);
const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');
const composites = ofType(resources, 'AWS::CloudWatch::CompositeAlarm');
const dashboards = ofType(resources, 'AWS::CloudWatch::Dashboard');

test('every alarm of the definitions is in the template, and CloudWatch takes it as it stands there', async () => {
  expect(alarms).toHaveLength(definitions.service.length + definitions.findings.length);
  const simulator = aSimulator();
  for (const { properties } of alarms)
    await simulator.call('monitoring', 'PutMetricAlarm', properties, 'cloudformation');
  for (const { properties } of composites)
    await simulator.call('monitoring', 'PutCompositeAlarm', properties, 'cloudformation');
  expect(composites.map(({ properties }) => properties['AlarmName'])).toEqual(['rotation-monitor-blind']);
});

test('alarms about the monitor notify the health topic, and those on findings nobody', () => {
  const told = alarms.flatMap(({ properties }) =>
    Array.isArray(properties['AlarmActions']) ? properties['AlarmActions'] : [],
  );
  expect(told).toHaveLength(definitions.service.length);
  expect(new Set(told).size).toBe(1);
  expect(String(told[0])).toMatch(/^arn:aws:sns:eu-west-1:111122223333:Health/);
});

test('alarms name the queues and functions of the deployment, the queue of invocations included', () => {
  const dimensions = JSON.stringify(alarms.map(({ properties }) => properties));
  const queues = ofType(resources, 'AWS::SQS::Queue').filter(({ id }) => !id.includes('Sweeps'));
  for (const { id } of queues) expect(dimensions).toContain(id);
  for (const name of WATCHED) expect(dimensions).toMatch(new RegExp(`"Value":"[\\w-]+-${name}"`));
});

test('CloudWatch takes every dashboard of the template, with names and ARNs of the deployment in it', async () => {
  const simulator = aSimulator();
  for (const { properties } of dashboards)
    await simulator.call('monitoring', 'PutDashboard', properties, 'cloudformation');
  expect(dashboards.map(({ properties }) => properties['DashboardName'])).toEqual([
    'rotation-monitor-eu-west-1-fleet',
    'rotation-monitor-eu-west-1-secrets',
    'rotation-monitor-eu-west-1-service',
  ]);
  const text = dashboards.map(({ properties }) => properties['DashboardBody']).join();
  expect(text).toContain('arn:aws:cloudwatch:eu-west-1:111122223333:alarm:rotation-monitor-blind');
  expect(text).toMatch(
    /"endpoint":"arn:aws:lambda:eu-west-1:111122223333:function:[\w-]+-open-alerts-widget"/,
  );
  expect(text).toContain('(#dashboards:name=rotation-monitor-eu-west-1-secrets)');
  expect(text).not.toContain('${Token');
});
