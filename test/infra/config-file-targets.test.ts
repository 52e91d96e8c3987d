import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ConfigFileError } from '../../infra/config-file/config-file.ts';
import { checkConfigFile } from '../../infra/config-file/read-config-file.ts';
import { memberStackProps } from '../../infra/config-file/stack-props.ts';
import { RotationMonitorStack } from '../../infra/rotation-monitor-stack.ts';
import { stubHandlers } from '../../infra/templates/monitor-stack.ts';
import { readConfig } from '../../src/monitor/config/read-config.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const SUBSCRIPTIONS = { subscriptions: [{ protocol: 'email', endpoint: 'oncall@example.com' }] };
const TARGETS = {
  targets: [{ organizationalUnits: ['ou-ab12-cdefgh34'], regions: ['us-east-1'] }],
  'organization-id': 'o-a1b2c3d4e5',
  'member-external-id': 'rotation-monitor-1a2b3c',
};

const checked = (file: object) => checkConfigFile(JSON.stringify({ ...SUBSCRIPTIONS, ...file }), 'the file');

function faultsOf(file: object): readonly string[] {
  try {
    checked(file);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    return error.faults.map(({ path, expected }) => `${path}: ${expected}`);
  }
}

test('targets become members of the monitor, and its bus takes their events', () => {
  const config = checked({ ...TARGETS, 'member-role-name': 'reader' });
  const stack = new RotationMonitorStack(new App(), 'rotation-monitor', {
    config,
    handlerFolder: stubHandlers(),
  });
  const resources = deployedResources(stack);
  const [one] = ofType(resources, 'AWS::Lambda::Function');
  const { Variables } = z
    .object({ Variables: z.record(z.string(), z.string()) })
    .parse(one?.properties['Environment']);
  expect(readConfig(Variables)).toMatchObject({
    members: [{ accounts: [], organizationalUnits: ['ou-ab12-cdefgh34'], regions: ['us-east-1'] }],
    memberRoleName: 'reader',
    memberExternalId: 'rotation-monitor-1a2b3c',
  });
  expect(JSON.stringify(ofType(resources, 'AWS::Events::EventBusPolicy'))).toContain('o-a1b2c3d4e5');
  const [bus] = ofType(resources, 'AWS::Events::EventBus');
  expect(stack.memberBusName).toBe(bus?.properties['Name']);
});

test('what is wrong with targets is reported together with all else', () => {
  const file = {
    targets: [{ accounts: ['4444'], region: ['us-east-1'] }],
    'organization-id': 5,
    'member-role-name': 'not a role',
    'stuck-after': 'soon',
  };
  expect(faultsOf(file)).toEqual([
    expect.stringMatching(/^member-role-name: expected the name of an IAM role/),
    expect.stringMatching(/^stuck-after: /),
    'targets: expected "accounts" to be twelve digits each, not "4444" in group 1; nothing named "region" in group 1; "regions" in group 1',
    'organization-id: expected the id of an organization, such as "o-a1b2c3d4e5"',
  ]);
});

test('what targets need is asked for', () => {
  expect(faultsOf({ targets: TARGETS.targets })).toEqual([
    'member-external-id: needed where there are members: their roles ask for it',
    expect.stringMatching(/^organization-id: needed where organizational units/),
  ]);
  expect(faultsOf({ targets: 'all' })).toEqual([
    expect.stringMatching(/^targets: expected a JSON list of groups/),
  ]);
  expect(faultsOf(TARGETS)).toEqual([]);
  expect(checked({})).toMatchObject({ targets: [], organizationId: undefined });
});

test.each([
  [['eu-west-1', 'us-east-1'], ['eu-west-1'], 'eu-west-1'],
  [['us-east-1'], ['us-east-1', 'us-west-2'], 'us-east-1'],
  [['us-east-1'], ['us-west-2'], undefined],
])('the role of members is made in a region that %j and %j share: %s', (one, other, roleRegion) => {
  const accounts = ['444455556666'];
  const targets = [one, other].map((regions) => ({ accounts, regions }));
  const place = { account: '111122223333', region: 'eu-west-1' };
  const monitor = { ...place, stackName: 'rotation-monitor', memberBusName: 'members' };
  expect(memberStackProps(checked({ ...TARGETS, targets, 'event-history': 'no' }), monitor)).toEqual({
    parameters: {
      monitorAccountId: '111122223333',
      monitorRegion: 'eu-west-1',
      monitorEventBusName: 'members',
      monitorRoleNames: 'rotation-monitor-*',
      externalId: 'rotation-monitor-1a2b3c',
      roleName: 'secret-rotation-monitor-member',
      regions: [...new Set([...one, ...other])],
      roleRegion,
    },
    inspectFunctions: true,
    eventHistory: false,
    securityHubVerdicts: false,
  });
  const asking = checked({ ...TARGETS, targets, 'security-hub-verdicts': 'yes' });
  expect(memberStackProps(asking, monitor)).toMatchObject({ securityHubVerdicts: true });
});
