import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { RotationMonitor, type RotationMonitorProps } from '../../infra/rotation-monitor.ts';
import { aMonitor, aMonitorOfMany, stubHandlers } from '../../infra/templates/monitor-stack.ts';
import { readConfig } from '../../src/monitor/config/read-config.ts';
import {
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/monitor/domain/rotation/event-patterns.ts';
import { ofType, PLACE } from '../../src/proving/player/deployed-resources.ts';
import { statementsOf } from '../../src/proving/player/statements.ts';
import type { TemplateResource } from '../../src/proving/player/template.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const REGIONS = ['eu-west-1', 'us-east-1'];
const NAMED: RotationMonitorProps = {
  members: [{ accounts: ['444455556666'], regions: REGIONS }],
  memberExternalId: 'rotation-monitor-1a2b3c',
};
const deployed = (props: RotationMonitorProps) => deployedResources(aMonitor(() => props));
const OF_MANY = deployedResources(aMonitorOfMany());

const variablesOf = ({ Environment }: TemplateResource['properties']) =>
  z.object({ Variables: z.record(z.string(), z.string()) }).parse(Environment).Variables;

/** The names of the handlers whose roles have a statement. */
function handlersWith(resources: readonly TemplateResource[], sid: string): readonly string[] {
  const roles = statementsOf(resources).flatMap((each) => (each.sid === sid ? [each.role] : []));
  return ofType(resources, 'AWS::Lambda::Function')
    .filter(({ properties }) => roles.includes(String(properties['Role']).split('/').at(-1) ?? ''))
    .map(({ properties }) => String(properties['Handler']).replace('.handler', ''));
}

const LOOKING_THERE = [
  'on-rotation-event',
  'on-label-updated',
  'sweep-target',
  'check-secret',
  'open-alerts-widget',
  'audit',
];

test('without members there is no bus for them, and no role to assume', () => {
  const plain = deployed({});
  expect(ofType(plain, 'AWS::Events::EventBus')).toEqual([]);
  expect(handlersWith(plain, 'AssumeMemberRoles')).toEqual([]);
  expect(handlersWith(plain, 'ListMembers')).toEqual([]);
});

test('those functions alone assume roles that look at secrets in other accounts, and in the organization alone', () => {
  expect(handlersWith(OF_MANY, 'AssumeMemberRoles')).toEqual(LOOKING_THERE);
  const [statement] = statementsOf(OF_MANY).filter(({ sid }) => sid === 'AssumeMemberRoles');
  expect(statement).toMatchObject({
    actions: ['sts:AssumeRole'],
    resources: ['arn:aws:iam::*:role/secret-rotation-monitor-member'],
    conditions: { StringEquals: { 'aws:ResourceOrgID': ['o-a1b2c3d4e5'] } },
  });
});

test('without an organization only the roles of the accounts that are named can be assumed', () => {
  const resources = deployed({ ...NAMED, memberRoleName: 'reader' });
  expect(handlersWith(resources, 'AssumeMemberRoles')).toEqual(LOOKING_THERE);
  const [statement] = statementsOf(resources).filter(({ sid }) => sid === 'AssumeMemberRoles');
  expect(statement?.resources).toEqual(['arn:aws:iam::444455556666:role/reader']);
});

test('the accounts of an organization are listed by the sweep and the audit alone, and only where units are named', () => {
  expect(handlersWith(OF_MANY, 'ListMembers')).toEqual(['sweep', 'audit']);
  const [statement] = statementsOf(OF_MANY).filter(({ sid }) => sid === 'ListMembers');
  expect(statement).toMatchObject({
    actions: ['organizations:ListAccountsForParent', 'organizations:ListOrganizationalUnitsForParent'],
    resources: ['arn:aws:organizations::*:ou/o-a1b2c3d4e5/*', 'arn:aws:organizations::*:root/o-a1b2c3d4e5/*'],
  });
  expect(handlersWith(deployed({ ...NAMED, organizationId: 'o-a1b2c3d4e5' }), 'ListMembers')).toEqual([]);
});

test('other regions of the home account may be looked at where it can be among the members, by no sweep of home', () => {
  const looking = statementsOf(OF_MANY).filter(({ sid }) => sid === 'LookAtSecrets');
  const regions = looking.map(({ conditions }) => conditions['StringEquals']?.['aws:RequestedRegion']);
  expect(regions.filter((each) => each !== undefined)).toEqual(LOOKING_THERE.map(() => REGIONS));
  expect(handlersWith(OF_MANY, 'ListSecrets')).toEqual(['sweep', 'sweep-target', 'audit']);
});

test('where it is known that the home account is no member, its other regions may not be looked at', () => {
  const { account, region } = PLACE;
  const stack = new Stack(new App(), 'known', { env: { account, region } });
  new RotationMonitor(stack, 'Monitor', {
    ...NAMED,
    handlerFolder: stubHandlers(),
    subscribedElsewhere: true,
  });
  const looking = statementsOf(deployedResources(stack)).filter(({ sid }) => sid === 'LookAtSecrets');
  expect(looking.length).toBeGreaterThan(0);
  for (const { resources } of looking)
    expect(resources).toEqual([`arn:aws:secretsmanager:${region}:${account}:secret:*`]);
});

const busSchema = z.object({ EventBusName: z.string(), Statement: z.record(z.string(), z.unknown()) });

const OF_SECRETS = {
  'events:source': ['aws.secretsmanager'],
  'events:detail-type': [
    'AWS Service Event via CloudTrail',
    'AWS API Call via CloudTrail',
    'Secret Label Updated',
  ],
};

test('the bus of members takes events of Secrets Manager from the units that are watched, and nothing else of anybody', () => {
  const [bus] = ofType(OF_MANY, 'AWS::Events::EventBus');
  const [policy] = ofType(OF_MANY, 'AWS::Events::EventBusPolicy').map(({ properties }) =>
    busSchema.parse(properties),
  );
  expect(policy).toEqual({
    EventBusName: bus?.properties['Name'],
    Statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: `arn:aws:events:eu-west-1:111122223333:event-bus/${String(bus?.properties['Name'])}`,
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', ...OF_SECRETS },
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/*/ou-ab12-cdefgh34/*'] },
      },
    },
  });
});

test('without an organization the bus takes events of the accounts that are named', () => {
  const [policy] = ofType(deployed(NAMED), 'AWS::Events::EventBusPolicy').map(({ properties }) =>
    busSchema.parse(properties),
  );
  expect(policy?.Statement).toMatchObject({
    Principal: { AWS: ['arn:aws:iam::444455556666:root'] },
    Action: 'events:PutEvents',
    Condition: { StringEquals: OF_SECRETS },
  });
});

test('accounts and a whole organization that are named get a statement each', () => {
  const organizationId = 'o-a1b2c3d4e5';
  const members = [
    { accounts: ['444455556666'], regions: REGIONS },
    { accounts: ['444455556666', '123456789012'], organizationalUnits: ['r-ab12'], regions: REGIONS },
  ];
  const policies = ofType(deployed({ ...NAMED, members, organizationId }), 'AWS::Events::EventBusPolicy');
  expect(policies.map(({ properties }) => busSchema.parse(properties).Statement['Condition'])).toEqual([
    {
      StringEquals: {
        'aws:PrincipalOrgID': organizationId,
        'aws:PrincipalAccount': ['444455556666', '123456789012'],
        ...OF_SECRETS,
      },
    },
    {
      StringEquals: { 'aws:PrincipalOrgID': organizationId, ...OF_SECRETS },
      'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/r-ab12/*'] },
    },
  ]);
});

test('the rules on the bus of members are those on the default bus, and their queues know them', () => {
  const rules = ofType(OF_MANY, 'AWS::Events::Rule');
  const patterns = [ROTATION_OUTCOMES, SECRET_CHANGES, LABEL_UPDATED];
  const [bus] = ofType(OF_MANY, 'AWS::Events::EventBus').map(({ properties }) => properties['Name']);
  const on = (name: unknown) => rules.filter(({ properties }) => properties['EventBusName'] === name);
  expect(on(bus).map(({ properties }) => properties['EventPattern'])).toEqual(patterns);
  const targets = (name: unknown) =>
    on(name).map(({ properties }) => JSON.stringify(properties['Targets']).match(/"Arn":"[^"]+"/g));
  expect(targets(bus)).toEqual(targets(undefined));
});

test('the functions read of members what was said', () => {
  const [one] = ofType(deployed({ ...NAMED, memberRoleName: 'reader' }), 'AWS::Lambda::Function');
  expect(readConfig(variablesOf(one?.properties ?? {}))).toMatchObject({
    members: [{ accounts: ['444455556666'], organizationalUnits: [], regions: REGIONS }],
    memberRoleName: 'reader',
    memberExternalId: 'rotation-monitor-1a2b3c',
  });
});

test('everything that is wrong with members is said at once, before anything is deployed', () => {
  expect(() =>
    deployed({
      members: [
        { organizationalUnits: ['ou-ab12-cdefgh34'], regions: ['Ireland'] },
        { accounts: ['4444'], regions: REGIONS },
      ],
      memberRoleName: 'not a role',
    }),
  ).toThrow(
    new RegExp(
      [
        'Cannot make the monitor:',
        '  members: expected "regions" to be AWS regions, not "Ireland" in group 1; "accounts" to be .* in group 2',
        '  memberRoleName: expected the name of an IAM role, .*',
        '  memberExternalId: needed where there are members.*',
        '  organizationId: needed where organizational units are named.*',
      ].join('\n'),
    ),
  );
});

test.each([
  [undefined, 5],
  [20, 20],
])('with sweepsAtOnce %s so many members are swept side by side: %i', (sweepsAtOnce, swept) => {
  const resources = deployedResources(aMonitor(() => (sweepsAtOnce === undefined ? {} : { sweepsAtOnce })));
  const feeds = ofType(resources, 'AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
  const feed = feeds.find(({ EventSourceArn }) => String(EventSourceArn).includes('Sweeps'));
  expect(feed?.['ScalingConfig']).toEqual({ MaximumConcurrency: swept });
});
