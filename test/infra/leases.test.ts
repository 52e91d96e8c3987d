import { App, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { expect, test } from 'vitest';
import { RotationMonitor } from '../../infra/rotation-monitor.ts';
import { everyPart, stubHandlers } from '../../infra/templates/monitor-stack.ts';
import { leaseTableDefinition } from '../../src/monitor/adapters/dynamodb/table.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const HOME = { account: '111122223333', region: 'eu-west-1' };
const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf';

/** A monitor and the table it reads leases from. */
function aStack() {
  const stack = new Stack(new App(), 'rotation-monitor', { env: HOME });
  const monitor = new RotationMonitor(stack, 'Monitor', {
    handlerFolder: stubHandlers(),
    ...everyPart(stack),
  });
  return { stack, monitor, secret: Secret.fromSecretCompleteArn(stack, 'Db', ARN) };
}

const tables = (stack: Stack) => ofType(deployedResources(stack), 'AWS::DynamoDB::Table');

test('leases lie in a table of their own, without an index, with an expiry and the key that AWS owns', () => {
  const { TableName: _name, ...definition } = leaseTableDefinition('any');
  const [, leases, ...others] = tables(aStack().stack);
  expect(others).toEqual([]);
  expect(leases?.properties).toEqual({
    ...definition,
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
  expect(definition.GlobalSecondaryIndexes).toBeUndefined();
});

test('a role that was granted a lease may write leases about that secret, and nothing else', () => {
  const { stack, monitor, secret } = aStack();
  const role = new Role(stack, 'Orders', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  monitor.grantLease(role, secret);
  const [policy, ...others] = ofType(deployedResources(stack), 'AWS::IAM::Policy');
  expect(others).toEqual([]);
  expect(policy?.properties['PolicyDocument']).toMatchObject({
    Statement: [
      {
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:DeleteItem'],
        Resource: expect.stringMatching(/:table\/MonitorResourcesLeases/),
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [ARN] } },
      },
    ],
  });
});

test('an application of a member assumes a role that was made for it', () => {
  const { stack, monitor } = aStack();
  const arn = 'arn:aws:secretsmanager:eu-west-1:444455556666:secret:prod/db-AbCdEf';
  const role = new Role(stack, 'Member', {
    assumedBy: new ArnPrincipal('arn:aws:iam::444455556666:role/orders'),
  });
  const secret = Secret.fromSecretCompleteArn(stack, 'There', arn);
  expect(() => monitor.grantLease(role, secret)).not.toThrow();
});

test.each<[string, (of: ReturnType<typeof aStack>) => void, RegExp]>([
  [
    'a secret without its full ARN',
    ({ stack, monitor }) => {
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
      monitor.grantLease(role, Secret.fromSecretNameV2(stack, 'Named', 'prod/db'));
    },
    /Cannot grant a lease of "rotation-monitor\/Named": its ARN lacks the six characters/,
  ],
  [
    'a role of another account',
    ({ stack, monitor, secret }) =>
      monitor.grantLease(Role.fromRoleArn(stack, 'Far', 'arn:aws:iam::444455556666:role/orders'), secret),
    /Cannot grant a lease to a role of 444455556666 in eu-west-1: the table is in 111122223333/,
  ],
  [
    'a role of a stack in another region',
    ({ stack, monitor, secret }) => {
      const far = new Stack(App.of(stack) as App, 'far', { env: { ...HOME, region: 'us-east-1' } });
      const role = new Role(far, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
      monitor.grantLease(role, secret);
    },
    /in us-east-1: the table is in 111122223333 in eu-west-1/,
  ],
])('%s is refused a lease', (_case, grant, message) => {
  expect(() => grant(aStack())).toThrow(message);
});
