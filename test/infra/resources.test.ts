import { Duration } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { aFullMonitor, aMonitor } from '../../infra/templates/monitor-stack.ts';
import { handlerNames } from '../../scripts/bundle/build-handlers.ts';
import { tableDefinition } from '../../src/monitor/adapters/dynamodb/table.ts';
import { MAX_RECEIVES } from '../../src/monitor/application/on-event/record-rotation-events.ts';
import {
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/monitor/domain/rotation/event-patterns.ts';
import { ofType, PLACE } from '../../src/proving/player/deployed-resources.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const RESOURCES = deployedResources(aFullMonitor());
const all = (type: string) => ofType(RESOURCES, type).map(({ properties }) => properties);
const KEY = `arn:aws:kms:${PLACE.region}:${PLACE.account}:key/${ofType(RESOURCES, 'AWS::KMS::Key')[0]?.id}`;
interface Admission {
  readonly Principal: { readonly Service?: string };
  readonly Condition?: unknown;
}
const FUNCTIONS = all('AWS::Lambda::Function');

test('every handler is a function, from the one folder, on arm64, with a log that is not kept for ever', () => {
  const handlers = FUNCTIONS.map(({ Handler }) => Handler);
  expect(handlers.sort()).toEqual(handlerNames().map((name) => `${name}.handler`));
  expect(new Set(FUNCTIONS.map(({ Code }) => JSON.stringify(Code))).size).toBe(1);
  for (const properties of FUNCTIONS)
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  expect(all('AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays)).toEqual(
    FUNCTIONS.map(() => 30),
  );
});

test('what feeds its own queue on purpose is not stopped as a loop, all else is', () => {
  const allowed = FUNCTIONS.filter(({ RecursiveLoop }) => RecursiveLoop === 'Allow');
  expect(allowed.map(({ Handler }) => Handler).sort()).toEqual([
    'audit.handler',
    'deliver.handler',
    'sweep-target.handler',
  ]);
});

test('the rules have the patterns that the parser understands, and lose nothing', () => {
  const rules = all('AWS::Events::Rule');
  expect(rules.map(({ EventPattern }) => EventPattern)).toEqual([
    ROTATION_OUTCOMES,
    SECRET_CHANGES,
    LABEL_UPDATED,
  ]);
  for (const { State, Targets } of rules) {
    expect(State).toBe('ENABLED');
    expect(Targets).toEqual([
      expect.objectContaining({
        DeadLetterConfig: { Arn: expect.stringContaining('Undelivered') },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      }),
    ]);
  }
});

test('the table is the one that the store expects, and can be restored', () => {
  const { TableName: _name, ...definition } = tableDefinition('any');
  const [table] = ofType(RESOURCES, 'AWS::DynamoDB::Table');
  expect(table?.deletionPolicy).toBe('RetainExceptOnCreate');
  expect(ofType(RESOURCES, 'AWS::KMS::Key')[0]?.deletionPolicy).toBe('RetainExceptOnCreate');
  expect(table?.properties).toEqual({
    ...definition,
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY },
  });
});

test('every queue and topic is encrypted with the key that is turned yearly', () => {
  expect(all('AWS::KMS::Key')).toEqual([expect.objectContaining({ EnableKeyRotation: true })]);
  for (const { KmsMasterKeyId } of [...all('AWS::SQS::Queue'), ...all('AWS::SNS::Topic')])
    expect(KmsMasterKeyId).toBe(KEY);
});

test('SNS uses the key for topics of this account alone, CloudWatch for this account alone', () => {
  const [{ KeyPolicy } = {}] = all('AWS::KMS::Key') as { KeyPolicy?: { Statement: readonly Admission[] } }[];
  const conditionsOf = (service: string) =>
    KeyPolicy?.Statement.filter(({ Principal }) => Principal.Service === service).map(
      ({ Condition }) => Condition,
    );
  expect(conditionsOf('sns.amazonaws.com')).toEqual([
    { ArnLike: { 'aws:SourceArn': `arn:aws:sns:${PLACE.region}:${PLACE.account}:*` } },
  ]);
  for (const condition of conditionsOf('cloudwatch.amazonaws.com') ?? [])
    expect(condition).toEqual({ StringEquals: { 'aws:SourceAccount': PLACE.account } });
  expect(conditionsOf('cloudwatch.amazonaws.com')).not.toEqual([]);
});

test('every queue that feeds a function hides messages six times as long as it runs, and shares the queue for dead ones', () => {
  const feeds = all('AWS::Lambda::EventSourceMapping');
  expect(feeds).toHaveLength(5);
  for (const { EventSourceArn, FunctionName, ScalingConfig } of feeds) {
    const queue = ofType(RESOURCES, 'AWS::SQS::Queue').find(({ id }) => String(EventSourceArn).endsWith(id));
    const fed = FUNCTIONS.find((each) => each['FunctionName'] === FunctionName);
    expect(queue?.properties['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * Number(fed?.['Timeout']));
    expect(queue?.properties['RedrivePolicy']).toMatchObject({
      deadLetterTargetArn: expect.stringContaining('DeadLetters'),
    });
    expect(ScalingConfig).toMatchObject({ MaximumConcurrency: expect.any(Number) });
  }
});

test('an event comes as often as it needs to outlast a look that lags, and no more often', () => {
  const queues = ofType(RESOURCES, 'AWS::SQS::Queue').filter(({ id }) => /(Rotation|Label)Events/.test(id));
  expect(queues).toHaveLength(2);
  for (const { properties } of queues) {
    expect(properties['RedrivePolicy']).toMatchObject({ maxReceiveCount: MAX_RECEIVES });
  }
});

test('Slack is posted to by two at most, and a pause it asks for does not kill a message', () => {
  const feed = all('AWS::Lambda::EventSourceMapping').find(({ EventSourceArn }) =>
    String(EventSourceArn).includes('Slack'),
  );
  expect(feed?.['ScalingConfig']).toEqual({ MaximumConcurrency: 2 });
  const queue = ofType(RESOURCES, 'AWS::SQS::Queue').find(({ id }) => id.includes('SlackMessages'));
  expect(queue?.properties['RedrivePolicy']).toMatchObject({ maxReceiveCount: 10 });
  expect(all('AWS::SNS::Subscription')).toContainEqual(
    expect.objectContaining({ Protocol: 'sqs', RawMessageDelivery: true }),
  );
});

test('the sweep is scheduled, and what cannot be handed over is not lost', () => {
  const [schedule] = ofType(
    deployedResources(aMonitor(() => ({ sweepInterval: Duration.minutes(1) }))),
    'AWS::Scheduler::Schedule',
  );
  expect(schedule?.properties).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: expect.stringMatching(/:function:rotation-monitor-Monitor-\w+-sweep$/),
      DeadLetterConfig: { Arn: expect.stringContaining('Undelivered') },
    },
  });
  const [usual] = all('AWS::Scheduler::Schedule');
  expect(usual?.['ScheduleExpression']).toBe('rate(5 minutes)');
});

test('an interval that Scheduler or the alarms cannot keep is refused', () => {
  const every = (sweepInterval: Duration) => () => aMonitor(() => ({ sweepInterval }));
  for (const interval of [Duration.seconds(90), Duration.hours(25)])
    expect(every(interval)).toThrow('sweepInterval: expected whole minutes, a day at most');
});

test('alarms look for the metrics of the monitor where it publishes them', () => {
  const ownNamespaces = (resources: typeof RESOURCES) =>
    ofType(resources, 'AWS::CloudWatch::Alarm')
      .map(({ properties }) => String(properties['Namespace'] ?? 'AWS/'))
      .filter((namespace) => !namespace.startsWith('AWS/'));
  expect(new Set(ownNamespaces(RESOURCES))).toEqual(new Set(['SecretRotation']));
  const elsewhere = deployedResources(aMonitor(() => ({ metricsNamespace: 'Platform/Rotation' })));
  expect(new Set(ownNamespaces(elsewhere))).toEqual(new Set(['Platform/Rotation']));
});

test('what nobody waits for is tried again and then put aside', () => {
  const configs = all('AWS::Lambda::EventInvokeConfig').map((each) => [
    String(each['FunctionName']).split('-').slice(4).join('-'),
    each['MaximumRetryAttempts'],
  ]);
  expect(configs).toEqual([
    ['sweep', 0],
    ['check-secret', 2],
    ['audit', 2],
    ['canary-tick', 2],
  ]);
});

test('Scheduler takes on a role for schedules of its own group alone', () => {
  const trusts = all('AWS::IAM::Role')
    .map(({ AssumeRolePolicyDocument }) => JSON.stringify(AssumeRolePolicyDocument))
    .filter((trust) => trust.includes('scheduler.amazonaws.com'));
  expect(trusts).toHaveLength(4);
  for (const trust of trusts)
    expect(trust).toMatch(/"aws:SourceArn":"arn:aws:scheduler:[^"]*:schedule-group\/\w+"/);
});

test('CloudWatch may publish on the health topic, in the name of this account alone', () => {
  const policies = all('AWS::SNS::TopicPolicy').map((each) => JSON.stringify(each));
  const open = policies.filter((policy) => policy.includes('cloudwatch.amazonaws.com'));
  expect(open).toHaveLength(1);
  expect(open[0]).toContain('"aws:SourceAccount":"111122223333"');
});
