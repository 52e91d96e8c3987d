import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ConfigFileError } from '../../infra/config-file/config-file.ts';
import { CONSTRUCT_ALONE, FILE_SETTINGS } from '../../infra/config-file/file-settings.ts';
import { checkConfigFile } from '../../infra/config-file/read-config-file.ts';
import { monitorProps } from '../../infra/config-file/stack-props.ts';
import { RotationMonitorStack } from '../../infra/rotation-monitor-stack.ts';
import { stubHandlers } from '../../infra/templates/monitor-stack.ts';
import { readConfig } from '../../src/monitor/config/read-config.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const EXAMPLE = readFileSync('rotation-monitor.config.example.json', 'utf8');
const ONCALL = { protocol: 'email', endpoint: 'oncall@example.com' };

/** Returns the resources that are deployed for a file. */
const deployed = (file: object) =>
  deployedResources(
    new RotationMonitorStack(new App(), 'rotation-monitor', {
      config: checkConfigFile(JSON.stringify(file), 'the file'),
      handlerFolder: stubHandlers(),
    }),
  );

function faultsOf(text: string): readonly string[] {
  try {
    checkConfigFile(text, 'the file');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    return error.faults.map(({ path, expected }) => `${path}: ${expected}`);
  }
}

test('the example can be used', () => {
  expect(faultsOf(EXAMPLE)).toEqual([]);
});

test('all faults of a file are reported together', () => {
  const file = {
    'stuck-after': 'soon',
    'sweep-interval': 5,
    'table-name': 'mine',
    colour: 'blue',
    'heartbeat-url-parameter': 'https://heartbeat.example.com/token',
    subscriptions: [{ topic: 'health', protocol: 'email' }],
  };
  expect(faultsOf(JSON.stringify(file))).toEqual([
    'stuck-after: expected a duration of seconds, minutes, hours or days, such as "60m"',
    'sweep-interval: expected whole minutes, a day at most, such as "5m"',
    'table-name: not for this file: the deployment sets it itself',
    'colour: no setting of this name',
    'heartbeat-url-parameter: expected the name of an SSM parameter, such as "/rotation-monitor/heartbeat-url"',
    expect.stringMatching(/^subscriptions.0.endpoint: /),
  ]);
});

test.each(['', '[]', '"text"', '{'])('%j is no configuration', (text) => {
  expect(faultsOf(text)).toEqual([expect.stringMatching(/^the whole file: expected a JSON object, /)]);
});

test('a file by which nobody would get alerts is refused', () => {
  expect(faultsOf(JSON.stringify({ subscriptions: [{ ...ONCALL, topic: 'health' }] }))).toEqual([
    'subscriptions: nobody would get alerts',
  ]);
  expect(faultsOf('{}')).toEqual(['subscriptions: nobody would get alerts']);
});

test('one endpoint twice on a topic is refused: SNS would keep one filter of the two', () => {
  expect(
    faultsOf(JSON.stringify({ subscriptions: [ONCALL, { ...ONCALL, filter: { code: ['x'] } }] })),
  ).toEqual(['subscriptions: one topic has the same endpoint twice']);
});

test('what the file says is what the functions read', () => {
  const resources = deployed({
    'stuck-after': '90m',
    'silence-critical': 'yes',
    owners: 'payments, platform',
    'worst-secrets': '3',
    'application-bus-name': 'applications',
    'slack-webhook-parameter': '/rotation-monitor/slack-webhook',
    'heartbeat-url-parameter': 'heartbeat-url',
    subscriptions: [ONCALL],
  });
  const [one] = ofType(resources, 'AWS::Lambda::Function');
  const { Variables } = z
    .object({ Variables: z.record(z.string(), z.string()) })
    .parse(one?.properties['Environment']);
  expect(readConfig(Variables)).toMatchObject({
    stuckAfterMs: 5_400_000,
    silenceCritical: true,
    owners: ['payments', 'platform'],
    worstSecrets: 3,
    applicationBusName: 'applications',
    slackWebhookParameter: '/rotation-monitor/slack-webhook',
    heartbeatUrlParameter: 'heartbeat-url',
  });
});

test('the file says when audits run, in which zone, and where their reports go', () => {
  const file = {
    'audit-schedule': 'cron(0 5 1 * ? *)',
    'audit-time-zone': 'Europe/Berlin',
    'audit-bucket': 'example-audits',
    'audit-key-prefix': 'rotation/weekly/',
  };
  const resources = deployed({ ...file, subscriptions: [ONCALL] });
  expect(ofType(resources, 'AWS::Scheduler::Schedule').map(({ properties }) => properties)).toContainEqual(
    expect.objectContaining({
      ScheduleExpression: 'cron(0 5 1 * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    }),
  );
  expect(ofType(resources, 'AWS::S3::Bucket')).toEqual([]);
  expect(JSON.stringify(resources)).toContain('arn:aws:s3:::example-audits/rotation/weekly/*');
});

test('the file locks the reports of a bucket that the deployment makes', () => {
  const [bucket] = ofType(
    deployed({ 'audit-object-lock': '400d', subscriptions: [ONCALL] }),
    'AWS::S3::Bucket',
  );
  expect(JSON.stringify(bucket?.properties['ObjectLockConfiguration'])).toContain('"Days":400');
});

test('what is wrong with the audits of a file is said with all else', () => {
  const file = {
    'audit-schedule': 'rate(12 hours)',
    'audit-time-zone': 'Mars/Olympus',
    'audit-bucket': 'No Bucket',
    'audit-key-prefix': 'audits',
    'audit-object-lock': '36h',
  };
  expect(faultsOf(JSON.stringify({ ...file, subscriptions: [ONCALL] }))).toEqual([
    'audit-schedule: expected cron(…) with full hours, or rate(…), once a day at most, such as "cron(0 5 1 * ? *)"',
    'audit-time-zone: expected a time zone, such as "Europe/Berlin"',
    'audit-bucket: expected the name of an S3 bucket, such as "example-audits"',
    'audit-key-prefix: expected words with a slash behind each, such as "rotation/weekly/"',
    'audit-object-lock: expected whole days, such as "400d"',
  ]);
});

/** Names of the properties that the interfaces of `infra/props` declare. */
const propertiesIn = (name: string): readonly string[] =>
  [...readFileSync(`infra/props/${name}.ts`, 'utf8').matchAll(/^ {2}readonly (\w+)\?:/gm)].flatMap(
    ([, property]) => property ?? [],
  );

test('every property of the construct has an entry in the file, or a reason why it has none', () => {
  const texts = [...FILE_SETTINGS.values()].map(({ key, example }) => [key, example]);
  const file = {
    ...Object.fromEntries(texts),
    subscriptions: [ONCALL, { ...ONCALL, topic: 'health' }],
    targets: [{ accounts: ['444455556666'], regions: ['eu-west-1'] }],
    'organization-id': 'o-a1b2c3d4e5',
  };
  const said = monitorProps(new Stack(), checkConfigFile(JSON.stringify(file), 'the file'));
  const files = ['rotation-monitor-props', 'setting-props', 'audit-props', 'member-props'];
  const declared = files.flatMap(propertiesIn).filter((name) => !MEMBERS_OF_A_GROUP.includes(name));
  expect([...Object.keys(said), ...Object.keys(CONSTRUCT_ALONE)].sort()).toEqual(declared.sort());
});

/** Properties of the groups in `targets`. */
const MEMBERS_OF_A_GROUP = ['accounts', 'organizationalUnits'];

test('there are dashboards unless the file says no', () => {
  const dashboards = (file: object) =>
    ofType(deployed({ ...file, subscriptions: [ONCALL] }), 'AWS::CloudWatch::Dashboard');
  expect(dashboards({})).toHaveLength(3);
  expect(dashboards({ dashboards: false })).toEqual([]);
});

test('local agents have an alarm where the file says that there are any', () => {
  const alarms = (file: object) =>
    ofType(deployed({ ...file, subscriptions: [ONCALL] }), 'AWS::CloudWatch::Alarm').filter(
      ({ properties }) => String(properties['AlarmName']).endsWith('-agent-unavailable'),
    );
  expect(alarms({ 'local-agents': true })).toHaveLength(1);
  expect(alarms({})).toEqual([]);
});

test.each(['90s', '25h', '5'])('a sweep every %s is refused', (interval) => {
  expect(faultsOf(JSON.stringify({ 'sweep-interval': interval, subscriptions: [ONCALL] }))).toEqual([
    'sweep-interval: expected whole minutes, a day at most, such as "5m"',
  ]);
});

test('subscriptions go to the topic they name, with their filter; who gets alerts hears of the monitor too, unfiltered', () => {
  const filter = { severity: ['CRITICAL'], owner: ['payments', 'platform'] };
  const subscriptions = (file: object) =>
    ofType(deployed(file), 'AWS::SNS::Subscription').map(({ properties }) => [
      String(properties['TopicArn']).replace(/.*Topics(\w+)........$/, '$1'),
      properties['Protocol'],
      properties['Endpoint'],
      properties['FilterPolicy'],
    ]);
  const file = { owners: 'payments,platform', 'subscribed-elsewhere': 'yes' };
  expect(subscriptions({ ...file, subscriptions: [{ ...ONCALL, filter }] })).toEqual([
    ['Alerts', 'email', 'oncall@example.com', filter],
    ['Health', 'email', 'oncall@example.com', undefined],
  ]);
  const manager = { topic: 'escalations', protocol: 'sms', endpoint: '+15555550100' };
  const hook = { topic: 'health', protocol: 'https', endpoint: 'https://hooks.example.com/' };
  expect(subscriptions({ subscriptions: [ONCALL, manager, hook] })).toEqual([
    ['Alerts', 'email', 'oncall@example.com', undefined],
    ['Health', 'https', 'https://hooks.example.com/', undefined],
    ['Escalations', 'sms', '+15555550100', undefined],
  ]);
});

test('the file says how many members are swept side by side', () => {
  const file = { ...JSON.parse(EXAMPLE), 'sweeps-at-once': '20' };
  const feeds = ofType(deployed(file), 'AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
  expect(feeds.map(({ ScalingConfig }) => ScalingConfig)).toContainEqual({ MaximumConcurrency: 20 });
  expect(faultsOf(JSON.stringify({ ...file, 'sweeps-at-once': '1' }))).toEqual([
    'sweeps-at-once: expected a whole number from 2 to 1000, such as "20"',
  ]);
});
