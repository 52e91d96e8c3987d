import { expect, test } from 'vitest';
import { later, MINUTE } from '../../src/calendar/instant.ts';
import type { Target } from '../../src/monitor/domain/secret/secret.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { at } from '../support/builders.ts';
import { CENTRAL, MEMBER, openOrganization, type TestOrganization } from '../support/organization.ts';
import { deployChecked } from '../support/template/deploy-checked.ts';
import { deployOrganization, type OrganizationProps } from '../support/template/deployed-organization.ts';

const START = at('2026-11-01T01:55:00Z');
/** By then the first failures are reported as failed, and later as stuck. */
const FAILED = later(START, 25 * MINUTE);
const STUCK = later(START, 75 * MINUTE);

const FAR_MEMBER: Target = { ...MEMBER, region: 'us-east-1' };
const FAR_CENTRAL: Target = { ...CENTRAL, region: 'us-east-1' };
const MEMBERS = [
  { accounts: [CENTRAL.account, MEMBER.account], regions: [CENTRAL.region, FAR_MEMBER.region] },
];
const ALL: OrganizationProps = { members: MEMBERS, organizationId: 'o-simulated1' };

/** An organization with the synthesized monitor. */
async function deployed(props: OrganizationProps = ALL) {
  const organization = openOrganization(START, [], { skipsWireFormats: true });
  const templates = await deployOrganization(organization, props);
  return { ...templates, organization, home: organization.at(CENTRAL), clock: organization.clock };
}

/** Lets a rotation begin somewhere that fails at setSecret. */
async function fail(organization: TestOrganization, target: Target): Promise<void> {
  const simulator = organization.at(target);
  const { secretsManager } = simulator;
  secretsManager.functions.register({ name: 'rotate', behaviour: 'error', step: 'setSecret' });
  secretsManager.seed({
    name: 'prod/orders',
    kind: 'function',
    function: 'rotate',
    schedule: 'rate(30 days)',
  });
  const ClientRequestToken = '0aaaaaaa-0000-4000-8000-000000000001';
  const asked = { SecretId: 'prod/orders', ClientRequestToken };
  await simulator.call('secretsmanager', 'RotateSecret', asked, 'operator');
}

const alerts = ({ sns }: Simulator) => sns.inbox.filter(({ topicArn }) => topicArn.includes('Alerts'));
const subjects = (simulator: Simulator): readonly string[] => alerts(simulator).map(({ subject }) => subject);

/** The alerts name the account and region of the secret, and commands for there. */
function expectTold(simulator: Simulator, { account, region }: Target, told: string): void {
  expect(subjects(simulator).at(-1)).toBe(told);
  for (const { attributes, message } of alerts(simulator)) {
    expect(attributes).toMatchObject({ account, region });
    expect(message).toContain(account);
    expect(message).toContain(`--region ${region}`);
  }
}

test('without any sweep, the event of a rotation that fails in another account and region is enough', async () => {
  const { organization, home, clock, join } = await deployed({ ...ALL, sweeps: false });
  await join(MEMBER);
  await join(FAR_MEMBER);
  await fail(organization, FAR_MEMBER);
  await clock.advanceTo(FAILED);
  expectTold(home, FAR_MEMBER, '[MEDIUM] prod/orders: rotation-failed');
  expect(organization.at(FAR_MEMBER).eventBridge.counts().failed).toBe(0);
});

test('without any event, the sweep with the deployed role is enough', async () => {
  const { organization, home, clock, join, roleName } = await deployed();
  await join(MEMBER);
  await join(FAR_MEMBER);
  for (const { eventBridge } of organization.simulators) eventBridge.setFaults({ drop: 1 });
  await fail(organization, FAR_MEMBER);
  await clock.advanceTo(STUCK);
  expectTold(home, FAR_MEMBER, '[HIGH] prod/orders: stuck-pending');
  const { callLog } = organization.at(FAR_MEMBER);
  expect(Object.keys(callLog.counts(roleName))).toContain('secretsmanager:ListSecrets');
});

test('another region of the home account is watched too, without a role to assume', async () => {
  const { organization, home, clock, join } = await deployed();
  await join(MEMBER);
  const far = await join(FAR_CENTRAL);
  expect(ofType(far, 'AWS::IAM::Role')).toHaveLength(1);
  await fail(organization, FAR_CENTRAL);
  await clock.advanceTo(FAILED);
  expectTold(home, FAR_CENTRAL, '[MEDIUM] prod/orders: rotation-failed');
  expect(organization.at(FAR_CENTRAL).eventBridge.counts()).toMatchObject({ failed: 0 });
});

test('beside the monitor the template of members makes nothing', async () => {
  const { join } = await deployed();
  expect(await join(CENTRAL)).toEqual([]);
});

test.each([
  ['asks for another external id', { ExternalId: 'somebody-elses' }],
  ['trusts other roles of the monitor', { MonitorRoleNames: 'another-monitor-*' }],
  ['is to be made in a region without a stack', { RoleRegion: 'ap-south-1' }],
])('a role that %s leaves its account unreachable, and that is reported', async (_case, parameters) => {
  const { home, clock, join } = await deployed();
  await join(MEMBER, parameters);
  await join(FAR_MEMBER, parameters);
  await clock.advanceTo(FAILED);
  expect(subjects(home)).toEqual([
    `[HIGH] ${MEMBER.account} eu-west-1: target-unreachable`,
    `[HIGH] ${MEMBER.account} us-east-1: target-unreachable`,
  ]);
});

test.each<[string, OrganizationProps, number]>([
  ['lists the account', { members: MEMBERS }, 0],
  ['names another organization', { ...ALL, organizationId: 'o-another111' }, 1],
  ['lists other accounts only', { members: [{ accounts: ['123456789012'], regions: [CENTRAL.region] }] }, 1],
])('a bus whose policy %s lets events in accordingly', async (_case, props, least) => {
  const { organization, clock, join } = await deployed({ ...props, sweeps: false });
  await join(MEMBER);
  await fail(organization, MEMBER);
  await clock.advance(MINUTE);
  const { delivered, failed } = organization.at(MEMBER).eventBridge.counts();
  expect(delivered + failed).toBeGreaterThan(0);
  expect(Math.min(failed, 1)).toBe(least);
});

test('a bus lets events of the units in that are watched, and of an account that is moved elsewhere no more', async () => {
  const { organization, clock, join } = await deployed({
    members: [{ organizationalUnits: ['ou-simu-00000001'], regions: [CENTRAL.region] }],
    organizationId: 'o-simulated1',
    sweeps: false,
  });
  const production = organization.organization.addUnit('production');
  organization.organization.move(MEMBER.account, organization.organization.addUnit('shops', production));
  await join(MEMBER);
  await fail(organization, MEMBER);
  await clock.advance(MINUTE);
  const sent = organization.at(MEMBER).eventBridge.counts();
  expect(sent).toMatchObject({ failed: 0 });
  expect(sent.delivered).toBeGreaterThan(0);
  organization.organization.move(MEMBER.account, organization.organization.addUnit('sandbox'));
  await clock.advance(30 * MINUTE);
  const after = organization.at(MEMBER).eventBridge.counts();
  expect(after.failed).toBeGreaterThan(0);
  expect(after.delivered).toBe(sent.delivered);
});

test.each([
  ['may not put events on the bus', 'Policies', 'event-bus/', 'event-bus/another-'],
  ['does not trust EventBridge', 'AssumeRolePolicyDocument', 'events.amazonaws.com', 'sns.amazonaws.com'],
  ['trusts rules of another account', 'AssumeRolePolicyDocument', MEMBER.account, '999999999999'],
])('rules whose role %s are not deployed', async (_case, property, text, other) => {
  const { organization, join } = await deployed();
  const spoilt = (await join(MEMBER)).map((each) => {
    const value = JSON.stringify(each.properties[property] ?? {}).replaceAll(text, other);
    return each.type === 'AWS::IAM::Role' && each.id.includes('Forward')
      ? { ...each, properties: { ...each.properties, [property]: JSON.parse(value) } }
      : each;
  });
  await expect(deployChecked(organization.at(FAR_MEMBER), spoilt)).rejects.toThrow(/may not send to/);
});
