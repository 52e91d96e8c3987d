import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { aMember } from '../../infra/templates/monitor-stack.ts';
import {
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/monitor/domain/rotation/event-patterns.ts';
import { ofType, PLACE } from '../../src/proving/player/deployed-resources.ts';
import { packedTemplate } from '../../src/proving/player/monitor.ts';
import { statementsOf } from '../../src/proving/player/statements.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const MONITOR = { account: PLACE.account, region: PLACE.region };
const STACK = aMember();
/** The template deployed to another account and region. */
const at = (place: { readonly account: string; readonly region: string }, parameters = {}) =>
  deployedResources(STACK, { ...PLACE, ...place, parameters });
const NEAR = { account: '444455556666', region: 'eu-west-1' };
const FAR = { account: '444455556666', region: 'us-east-1' };
const BUS = 'arn:aws:events:eu-west-1:111122223333:event-bus/rotation-monitor-members';

const roleNames = (resources: ReturnType<typeof at>) =>
  ofType(resources, 'AWS::IAM::Role').map(({ properties }) => properties['RoleName']);
const reader = (resources: ReturnType<typeof at>) => {
  const found = ofType(resources, 'AWS::IAM::Role').find(({ properties }) => 'RoleName' in properties);
  if (found === undefined) throw new Error('The template makes no role that can be assumed');
  return found;
};

test('the template has no assets, asks for no bootstrapped environment, and says what it asks', () => {
  const template = z
    .looseObject({ Parameters: z.record(z.string(), z.unknown()) })
    .parse(Template.fromStack(STACK).toJSON());
  expect(Object.keys(template).sort()).toEqual(['Conditions', 'Description', 'Parameters', 'Resources']);
  expect(Object.keys(template.Parameters).sort()).toEqual([
    'ExternalId',
    'MonitorAccountId',
    'MonitorEventBusName',
    'MonitorRegion',
    'MonitorRoleNames',
    'Regions',
    'RoleName',
    'RoleRegion',
  ]);
  expect(JSON.stringify(template)).not.toContain('cdk-');
});

test('the role to assume is made once in an account, in the region that is said', () => {
  expect(roleNames(at(NEAR))).toContain('secret-rotation-monitor-member');
  expect(roleNames(at(FAR))).toEqual([undefined]);
  expect(roleNames(at(FAR, { RoleRegion: 'us-east-1' }))).toContain('secret-rotation-monitor-member');
});

test('in the account of the monitor other regions forward and have no role; beside the monitor nothing is made', () => {
  const far = at({ ...MONITOR, region: 'us-east-1' }, { RoleRegion: 'us-east-1' });
  expect(roleNames(far)).toEqual([undefined]);
  expect(ofType(far, 'AWS::Events::Rule')).toHaveLength(3);
  expect(at(MONITOR)).toEqual([]);
});

test('the role trusts roles of the monitor that know the external id, and nobody else', () => {
  const { AssumeRolePolicyDocument } = reader(at(NEAR, { ExternalId: 'another-id' })).properties;
  expect(AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': 'another-id' },
          ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/rotation-monitor-*' },
        },
      },
    ],
  });
});

test('the role only looks, in the regions that are said, and is denied the values of secrets', () => {
  const resources = at(NEAR);
  const { id } = reader(resources);
  const statements = statementsOf(resources).filter(({ role }) => role === id);
  const [denied, ...allowed] = statements;
  expect(denied).toMatchObject({
    effect: 'Deny',
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
    resources: ['*'],
    conditions: {},
  });
  expect(allowed.flatMap(({ actions }) => actions)).toEqual([
    'secretsmanager:ListSecrets',
    'secretsmanager:DescribeSecret',
    'secretsmanager:ListSecretVersionIds',
    'lambda:GetFunctionConfiguration',
    'lambda:GetFunctionConcurrency',
    'lambda:GetPolicy',
    'cloudwatch:GetMetricData',
    'cloudtrail:LookupEvents',
    'cloudtrail:LookupEvents',
    'securityhub:GetFindings',
  ]);
  for (const { sid, conditions } of allowed) {
    const regions = conditions['StringEquals']?.['aws:RequestedRegion'];
    const global = ['us-east-1', 'us-gov-west-1', 'cn-north-1'];
    expect(regions, sid).toEqual(sid === 'ReadGlobalHistory' ? global : ['eu-west-1', 'us-east-1']);
  }
});

test('the role of the packed template may not read Security Hub', () => {
  expect(JSON.stringify(packedTemplate('member'))).not.toContain('securityhub:');
});

test('the rules have the patterns that the parser understands, send straight to the monitor, and lose nothing', () => {
  const resources = at(FAR);
  const rules = ofType(resources, 'AWS::Events::Rule').map(({ properties }) => properties);
  expect(rules.map(({ EventPattern }) => EventPattern)).toEqual([
    ROTATION_OUTCOMES,
    SECRET_CHANGES,
    LABEL_UPDATED,
  ]);
  for (const { State, Targets } of rules) {
    expect(State).toBe('ENABLED');
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: BUS,
        RoleArn: expect.stringMatching(/^arn:aws:iam::444455556666:role\/MemberForwardRole/),
        DeadLetterConfig: { Arn: expect.stringMatching(/^arn:aws:sqs:us-east-1:444455556666:/) },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      }),
    ]);
  }
});

test('the role of the rules may put events on the bus of the monitor and do nothing else', () => {
  const statements = statementsOf(at(FAR));
  expect(statements).toMatchObject([
    { effect: 'Allow', actions: ['events:PutEvents'], resources: [BUS], conditions: {} },
  ]);
  const [role] = ofType(at(FAR), 'AWS::IAM::Role');
  expect(role?.properties['AssumeRolePolicyDocument']).toMatchObject({
    Statement: [
      {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '444455556666' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:events:us-east-1:444455556666:rule/*' },
        },
      },
    ],
  });
});

test('what could not be sent is kept, encrypted, for two weeks', () => {
  expect(ofType(at(FAR), 'AWS::SQS::Queue').map(({ properties }) => properties)).toEqual([
    { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true },
  ]);
});

test('an alarm rings in the member when events could not be sent to the monitor', () => {
  const resources = at(NEAR);
  const [queue] = ofType(resources, 'AWS::SQS::Queue');
  expect(ofType(resources, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties)).toEqual([
    expect.objectContaining({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: queue?.id }],
      Threshold: 0,
      TreatMissingData: 'notBreaching',
    }),
  ]);
});
