import { expect, test } from 'vitest';
import * as z from 'zod';
import { aMember, aMonitor, aMonitorOfMany } from '../../infra/templates/monitor-stack.ts';
import { MEMBER_PLACE, ofType } from '../../src/proving/player/deployed-resources.ts';
import { statementsOf } from '../../src/proving/player/statements.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const RESOURCES = deployedResources(aMonitorOfMany());
const OF_MEMBER = statementsOf(deployedResources(aMember(), MEMBER_PLACE));
const STATEMENTS = statementsOf(RESOURCES);
const ALLOWED = STATEMENTS.filter(({ effect }) => effect === 'Allow');
const FUNCTIONS = ofType(RESOURCES, 'AWS::Lambda::Function');

const roleOf = (name: string): string => {
  const found = FUNCTIONS.find(({ properties }) => properties['Handler'] === `${name}.handler`);
  return String(found?.properties['Role']).split('/').at(-1) ?? '';
};
const allowed = (name: string): readonly string[] =>
  ALLOWED.filter(({ role }) => role === roleOf(name))
    .flatMap(({ actions }) => actions)
    .filter((action, index, all) => !/^(logs|kms):/.test(action) && all.indexOf(action) === index)
    .sort();

test('every function has a role of its own that may never read the value of a secret', () => {
  const roles = FUNCTIONS.map(({ properties }) => String(properties['Role']).split('/').at(-1));
  expect(new Set(roles).size).toBe(FUNCTIONS.length);
  for (const role of roles) {
    expect(STATEMENTS.filter((each) => each.role === role && each.effect === 'Deny')).toEqual([
      {
        role,
        sid: 'NeverReadValues',
        effect: 'Deny',
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
        resources: ['*'],
        conditions: {},
      },
    ]);
  }
});

test('no policy is attached but those that are read here', () => {
  const types = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];
  expect(RESOURCES.filter(({ type }) => types.includes(type))).toEqual([]);
  const managed = ofType(RESOURCES, 'AWS::IAM::Role').filter(
    ({ properties }) => 'ManagedPolicyArns' in properties,
  );
  expect(managed).toEqual([]);
});

test('no action is a wildcard, and no resource is one without a condition, but the streams of a log and the keys of reports', () => {
  const all = [...ALLOWED, ...OF_MEMBER.filter(({ effect }) => effect === 'Allow')];
  expect(all.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
  const wild = all.filter(
    ({ resources, conditions }) =>
      resources.some((resource) => resource.includes('*')) && Object.keys(conditions).length === 0,
  );
  expect(new Set(wild.map(({ sid }) => sid))).toEqual(new Set(['WriteLog', 'StoreReports', 'GoOnWithAudit']));
  expect(
    wild
      .flatMap(({ resources }) => resources)
      .filter((each) => !/:log-group:\w+:\*$|\/audits\/(working\/)?\*$/.test(each)),
  ).toEqual([]);
});

test.each([
  [
    'on-rotation-event',
    [
      'cloudtrail:LookupEvents',
      'cloudwatch:GetMetricData',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'iam:PassRole',
      'lambda:GetFunctionConcurrency',
      'lambda:GetFunctionConfiguration',
      'lambda:GetPolicy',
      'scheduler:CreateSchedule',
      'secretsmanager:DescribeSecret',
      'secretsmanager:ListSecretVersionIds',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
      'sts:AssumeRole',
    ],
  ],
  [
    'deliver',
    [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'sns:Publish',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ],
  ],
  ['acknowledge', ['dynamodb:GetItem', 'dynamodb:PutItem', 'secretsmanager:DescribeSecret']],
  [
    'notify-slack',
    [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'sns:Publish',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'ssm:GetParameter',
    ],
  ],
])('%s may do what it does and no more', (name, actions) => {
  expect(allowed(name)).toEqual(actions);
});

test('what is switched off is not allowed', () => {
  const plain = statementsOf(
    deployedResources(aMonitor(() => ({ inspectFunctions: false, eventHistory: false }))),
  );
  const wanted = /^(lambda:Get|cloudwatch:|cloudtrail:|events:|ssm:)/;
  expect(plain.flatMap(({ actions }) => actions).filter((action) => wanted.test(action))).toEqual([]);
});

test('only sweeps and audits may list secrets', () => {
  const listing = ALLOWED.filter(({ actions }) => actions.includes('secretsmanager:ListSecrets'));
  expect(listing.map(({ role }) => role)).toEqual([roleOf('sweep'), roleOf('sweep-target'), roleOf('audit')]);
});

test('each address may be read by the function alone that sends to it', () => {
  const readers = ALLOWED.filter(({ actions }) => actions.includes('ssm:GetParameter'));
  const parameter = (name: string) => [
    `arn:aws:ssm:eu-west-1:111122223333:parameter/rotation-monitor/${name}`,
  ];
  expect(readers.map(({ role, resources }) => [role, resources])).toEqual([
    [roleOf('sweep'), parameter('heartbeat-url')],
    [roleOf('notify-slack'), parameter('slack-webhook')],
  ]);
});

test('keys may be used through the services that hold the data alone', () => {
  const keys = ALLOWED.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')));
  expect(keys.length).toBeGreaterThan(0);
  for (const { conditions } of keys) {
    const [condition] = Object.keys(conditions['StringEquals'] ?? {});
    expect(condition).toMatch(/^kms:(ViaService|EncryptionContext:PARAMETER_ARN)$/);
  }
});

test.each([
  ['UseKeyForTable', /^dynamodb:/],
  ['UseKeyForMessages', /^(sqs|sns):/],
  ['UseKeyForCanary', /^secretsmanager:(PutSecretValue|TagResource)$/],
  ['DecryptAddress', /^ssm:GetParameter$/],
])('%s is allowed to those alone who use what is encrypted', (sid, using) => {
  const roles = ALLOWED.filter((each) => each.sid === sid).map(({ role }) => role);
  expect(roles.length).toBeGreaterThan(0);
  const users = ALLOWED.filter(({ actions }) => actions.some((action) => using.test(action)));
  expect(roles.filter((role) => !users.some((each) => each.role === role))).toEqual([]);
});

test('a function may take from the queue that feeds it and put aside where its failures go', () => {
  const granted = (sid: string) =>
    ALLOWED.filter((each) => each.sid === sid && FUNCTIONS.some((one) => isOf(one, each.role))).flatMap(
      ({ role, resources }) => resources.map((resource) => [role, resource]),
    );
  const feeds = ofType(RESOURCES, 'AWS::Lambda::EventSourceMapping').map(({ properties }) => [
    roleOfFunction(properties['FunctionName']),
    properties['EventSourceArn'],
  ]);
  expect(granted('Take').sort()).toEqual(feeds.sort());
  const failures = ofType(RESOURCES, 'AWS::Lambda::EventInvokeConfig').map(({ properties }) => [
    roleOfFunction(properties['FunctionName']),
    z.object({ OnFailure: z.object({ Destination: z.string() }) }).parse(properties['DestinationConfig'])
      .OnFailure.Destination,
  ]);
  expect(granted('PutAside').sort()).toEqual(failures.sort());
});

const isOf = ({ properties }: (typeof FUNCTIONS)[number], role: string): boolean =>
  String(properties['Role']).endsWith(`/${role}`);
const roleOfFunction = (name: unknown): string =>
  String(FUNCTIONS.find(({ properties }) => properties['FunctionName'] === name)?.properties['Role'])
    .split('/')
    .at(-1) ?? '';
