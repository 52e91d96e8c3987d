import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import type { RotationMonitorProps } from '../../infra/rotation-monitor.ts';
import { aMonitor } from '../../infra/templates/monitor-stack.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { statementsOf } from '../../src/proving/player/statements.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const monitor = (props: RotationMonitorProps = {}) => aMonitor(() => props);
const schedules = (props: RotationMonitorProps = {}) =>
  ofType(deployedResources(monitor(props)), 'AWS::Scheduler::Schedule').map(({ properties }) => properties);
const everyDays = (auditSchedule: string): unknown => {
  const functions = ofType(deployedResources(monitor({ auditSchedule })), 'AWS::Lambda::Function');
  const text = JSON.stringify(functions.map(({ properties }) => properties['Environment']));
  return /"ROTATION_MONITOR_AUDIT_EVERY":"(\d+)d"/.exec(text)?.[1];
};

test('audits run on Mondays at six unless somebody says otherwise, or not at all', () => {
  expect(schedules()).toContainEqual(
    expect.objectContaining({
      ScheduleExpression: 'cron(0 6 ? * MON *)',
      ScheduleExpressionTimezone: 'UTC',
    }),
  );
  expect(schedules({ auditSchedule: 'cron(0 5 1 * ? *)', auditTimeZone: 'Europe/Berlin' })).toContainEqual(
    expect.objectContaining({
      ScheduleExpression: 'cron(0 5 1 * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    }),
  );
  const without = Template.fromStack(monitor({ audits: false }));
  without.resourceCountIs('AWS::S3::Bucket', 0);
  expect(JSON.stringify(without.toJSON())).not.toContain('audit-overdue');
});

test.each([
  ['cron(0 6 ? * MON *)', 7],
  ['cron(0 6 1 * ? *)', 31],
  ['rate(2 days)', 2],
])('an audit of %s is due after %i days at the latest', (auditSchedule, days) => {
  expect(everyDays(auditSchedule)).toBe(String(days));
});

test('the bucket keeps versions, encrypts, refuses requests without TLS and stays', () => {
  const template = Template.fromStack(monitor());
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'RetainExceptOnCreate',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: Match.objectLike({
        BlockPublicAcls: true,
        RestrictPublicBuckets: true,
      }),
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }),
          },
        ],
      },
    },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
});

test('the function may store reports, and read nothing but what an audit under way has read', () => {
  const allowed = statementsOf(deployedResources(monitor())).filter(
    ({ effect, actions }) => effect === 'Allow' && actions.some((action) => action.startsWith('s3:')),
  );
  expect(allowed.map(({ actions, resources }) => [actions, resources])).toEqual([
    [['s3:PutObject'], [expect.stringMatching(/^arn:aws:s3:::[a-z0-9]+\/audits\/\*$/)]],
    [['s3:GetObjectVersion'], [expect.stringMatching(/\/audits\/working\/\*$/)]],
  ]);
});

test('the function may read the verdicts of Security Hub where they are asked for, and in no other case', () => {
  const reading = (props: Parameters<typeof monitor>[0] = {}) =>
    statementsOf(deployedResources(monitor(props))).filter(({ actions }) =>
      actions.some((action) => action.startsWith('securityhub:')),
    );
  expect(reading()).toEqual([]);
  expect(reading({ securityHubVerdicts: true })).toMatchObject([
    {
      sid: 'ReadFindings',
      effect: 'Allow',
      actions: ['securityhub:GetFindings'],
      role: expect.stringContaining('Audit'),
    },
  ]);
});

test('a lock is for compliance, and the warning says that nobody can undo it', () => {
  const stack = monitor({ auditObjectLock: Duration.days(365) });
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
  });
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('cannot be undone'));
  Annotations.fromStack(monitor()).hasNoWarning('*', Match.stringLikeRegexp('cannot be undone'));
});

test('a bucket that is given is written to and made by others', () => {
  const stack = aMonitor((scope) => ({
    auditBucket: Bucket.fromBucketName(scope, 'Given', 'example-audits'),
    auditKeyPrefix: 'rotation/weekly/',
  }));
  Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
  const { resources } =
    statementsOf(deployedResources(stack)).find(({ sid }) => sid === 'StoreReports') ?? {};
  expect(resources).toEqual(['arn:aws:s3:::example-audits/rotation/weekly/*']);
});

test('everything that is wrong with the properties of audits is said at once', () => {
  const stack = new Stack(new App(), 'other');
  expect(() =>
    monitor({
      auditSchedule: 'cron(30 6 ? * MON *)',
      auditTimeZone: 'Mars/Olympus',
      auditKeyPrefix: 'audits',
      auditObjectLock: Duration.hours(36),
      riskAnalysisFrequency: Duration.seconds(0),
    }),
  ).toThrow(
    /riskAnalysisFrequency: [\s\S]*auditSchedule: [\s\S]*auditTimeZone: [\s\S]*auditKeyPrefix: [\s\S]*auditObjectLock: expected whole days/,
  );
  for (const auditSchedule of ['rate(12 hours)', 'cron(0 0,12 ? * THU *)', 'cron(0 0,12 1 * ? *)'])
    expect(() => monitor({ auditSchedule })).toThrow('once a day at most');
  const auditBucket = Bucket.fromBucketName(stack, 'Given', 'example-audits');
  expect(() => monitor({ auditBucket, auditObjectLock: Duration.days(1) })).toThrow(
    'leave one of the two out',
  );
});
