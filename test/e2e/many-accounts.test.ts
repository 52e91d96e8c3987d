import { Duration } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { later, MINUTE } from '../../src/calendar/instant.ts';
import type { Target } from '../../src/monitor/domain/secret/secret.ts';
import { adviceIn } from '../../src/proving/court/told/told-in.ts';
import type { Deployment } from '../../src/proving/player/monitor.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { at } from '../support/builders.ts';
import {
  CENTRAL,
  FAR_MEMBER,
  MEMBER,
  openOrganization,
  type TestOrganization,
} from '../support/organization.ts';
import {
  deployOrganization,
  type OrganizationProps,
  somebody,
} from '../support/template/deployed-organization.ts';

/** A few minutes before the rotations of the night. */
const START = at('2026-11-01T01:55:00Z');
/** By then what has failed at two o'clock is stuck. */
const STUCK = later(START, 135 * MINUTE);

const REGIONS = [CENTRAL.region, FAR_MEMBER.region];

interface Fleet {
  readonly organization: TestOrganization;
  readonly central: Simulator;
  readonly deployment: Deployment;
  /** The role that the monitor assumes in members. */
  readonly memberRole: string;
  /** Makes it again in an account, with all else there. */
  rejoin(target: Target): Promise<unknown>;
  /** Subjects of the e-mails so far. */
  subjects(): readonly string[];
  mail(subject: string): string;
  metric(name: string): number | undefined;
  errors(): readonly unknown[];
}

const sweptEveryTenMinutes = () => ({ ...somebody(), sweepInterval: Duration.minutes(10) });

/** The monitor in the first of three accounts, watching all of them in two regions; `prepare` fills them first. */
async function aFleet(
  prepare: (organization: TestOrganization) => void,
  members: (organization: TestOrganization) => OrganizationProps['members'] = () => [
    { accounts: [CENTRAL.account, MEMBER.account, FAR_MEMBER.account], regions: REGIONS },
  ],
  more: readonly string[] = [],
): Promise<Fleet> {
  const organization = openOrganization(START, more, { skipsWireFormats: true });
  prepare(organization);
  const central = organization.at(CENTRAL);
  const { deployment, join, roleName } = await deployOrganization(organization, {
    members: members(organization) ?? [],
    organizationId: organization.organization.id,
    observability: false,
    parts: sweptEveryTenMinutes,
  });
  for (const { home } of organization.simulators) if (home.account !== CENTRAL.account) await join(home);
  await join({ ...CENTRAL, region: FAR_MEMBER.region });
  return {
    organization,
    central,
    deployment,
    memberRole: roleName,
    rejoin: join,
    subjects: () => central.sns.inbox.map(({ subject }) => subject),
    mail: (subject) => central.sns.inbox.find((each) => each.subject === subject)?.message ?? '',
    metric: (name) => central.cloudWatch.last(name),
    errors: () => deployment.functions.flatMap(({ name }) => central.functions.stats(name).lastError ?? []),
  };
}

/** A secret whose rotation, begun at two o'clock, fails at setSecret. */
function failing(organization: TestOrganization, target: Target, name: string): void {
  const { secretsManager } = organization.at(target);
  secretsManager.functions.register({ name: 'rotate', behaviour: 'error', step: 'setSecret' });
  const schedule = { schedule: 'cron(0 2 * * ? *)', duration: '1h' };
  secretsManager.seed({ name, kind: 'function', function: 'rotate', ...schedule });
}

const seedEverywhere = ({ simulators }: TestOrganization): void => {
  for (const { secretsManager } of simulators) secretsManager.seed({ name: 'plain', kind: 'none' });
};

test('a rotation that fails in a member is reported with its account, its region and commands for there', async () => {
  const fleet = await aFleet((organization) => {
    seedEverywhere(organization);
    failing(organization, FAR_MEMBER, 'prod/orders');
  });
  await fleet.organization.clock.advanceTo(STUCK);
  expect(fleet.subjects()).toEqual([
    '[MEDIUM] prod/orders: rotation-failed',
    '[HIGH] prod/orders: stuck-pending',
  ]);
  const mail = fleet.mail('[HIGH] prod/orders: stuck-pending');
  expect(mail).toContain(FAR_MEMBER.account);
  expect(mail).toContain('--region us-east-1');
  const commands = adviceIn(mail ?? '').flatMap((step) => step.commands);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) expect(command).toMatch(/--region us-east-1( |$)/);
  const [told] = fleet.central.sns.inbox;
  expect(told?.attributes).toMatchObject(FAR_MEMBER);
  expect(fleet.errors()).toEqual([]);
});

test('without any event a member is reported by its sweep, which asks the history of that account', async () => {
  const fleet = await aFleet((organization) => failing(organization, MEMBER, 'prod/orders'));
  for (const { eventBridge } of fleet.organization.simulators) eventBridge.setFaults({ drop: 1 });
  await fleet.organization.clock.advanceTo(STUCK);
  expect(fleet.subjects().at(-1)).toBe('[HIGH] prod/orders: stuck-pending');
  const called = Object.keys(fleet.organization.at(MEMBER).callLog.counts(fleet.memberRole));
  expect(called).toEqual(
    expect.arrayContaining(['secretsmanager:ListSecrets', 'cloudtrail:LookupEvents', 'lambda:GetPolicy']),
  );
  expect(called).not.toContain('secretsmanager:GetSecretValue');
});

test('six targets are swept, and one out of reach is reported, counted, and resolves nothing', async () => {
  const fleet = await aFleet((organization) => {
    seedEverywhere(organization);
    failing(organization, FAR_MEMBER, 'prod/orders');
  });
  const { clock } = fleet.organization;
  await clock.advanceTo(STUCK);
  expect(fleet.metric('SecretsObserved')).toBe(7);
  expect(fleet.metric('TargetsNotSwept')).toBe(0);
  const open = fleet.metric('AlertsOpen');
  const far = fleet.organization.at(FAR_MEMBER);
  far.faults.add({ kind: 'denied', probability: 1, service: 'secretsmanager', role: fleet.memberRole });
  await clock.advance(45 * MINUTE);
  expect(fleet.metric('TargetsNotSwept')).toBe(1);
  expect(fleet.metric('OldestTargetSweepAge')).toBeGreaterThan(20 * 60);
  expect(fleet.metric('SecretsObserved')).toBe(7);
  expect(fleet.metric('AlertsOpen')).toBe(open);
  expect(fleet.metric('SweepHeartbeat')).toBe(1);
  const subject = `[HIGH] ${FAR_MEMBER.account} ${FAR_MEMBER.region}: target-unreachable`;
  expect(fleet.subjects().slice(2)).toEqual([subject]);
  expect(fleet.mail(subject)).toContain(`account ${FAR_MEMBER.account} in ${FAR_MEMBER.region}`);
  far.faults.clear();
  await clock.advance(25 * MINUTE);
  expect(fleet.metric('TargetsNotSwept')).toBe(0);
  expect(fleet.subjects().at(-1)).toBe(
    `[RESOLVED] ${FAR_MEMBER.account} ${FAR_MEMBER.region}: target-unreachable`,
  );
});

test('a role that is gone leaves its account unswept in every region, reported as that and not for each secret in it', async () => {
  const fleet = await aFleet((organization) => {
    seedEverywhere(organization);
    failing(organization, MEMBER, 'prod/orders');
  });
  const { clock, world } = fleet.organization;
  world.roles.remove(`arn:aws:iam::${MEMBER.account}:role/${fleet.memberRole}`);
  await clock.advanceTo(STUCK);
  expect(fleet.metric('TargetsNotSwept')).toBe(2);
  expect(fleet.metric('SecretsObserved')).toBe(4);
  const unreachable = `[HIGH] ${MEMBER.account} ${MEMBER.region}: target-unreachable`;
  const likewise = `[HIGH] ${MEMBER.account} ${FAR_MEMBER.region}: target-unreachable`;
  expect([...fleet.subjects()].sort()).toEqual([unreachable, likewise].sort());
  await fleet.rejoin(MEMBER);
  await clock.advance(25 * MINUTE);
  const digest = `[HIGH] First sweep of ${MEMBER.account} ${MEMBER.region}: 1 finding`;
  expect(fleet.subjects()[2]).toBe(digest);
  expect(fleet.mail(digest)).toContain('prod/orders (HIGH');
});

test('the accounts of an organizational unit are watched, and one that leaves is not any more', async () => {
  const fleet = await aFleet(seedEverywhere, ({ organization }) => {
    const unit = organization.addUnit('workloads');
    organization.move(MEMBER.account, organization.addUnit('production', unit));
    organization.move(FAR_MEMBER.account, unit);
    return [{ organizationalUnits: [unit], regions: REGIONS }];
  });
  const { clock, organization } = fleet.organization;
  await clock.advanceTo(later(START, 22 * MINUTE));
  expect(fleet.metric('SecretsObserved')).toBe(5);
  organization.setState(MEMBER.account, 'SUSPENDED');
  await clock.advance(22 * MINUTE);
  expect(fleet.metric('SecretsObserved')).toBe(3);
  expect(fleet.metric('TargetsNotSwept')).toBe(0);
});

test('fifty targets are swept, and the absence of one is visible', async () => {
  const accounts = Array.from({ length: 49 }, (_, index) => String(444455550000 + index));
  const members = () => [{ accounts, regions: [CENTRAL.region] }];
  const fleet = await aFleet(seedEverywhere, members, accounts);
  const { organization } = fleet;
  const { clock } = organization;
  await clock.advanceTo(later(START, 22 * MINUTE));
  expect(fleet.metric('SecretsObserved')).toBe(50);
  expect(fleet.metric('TargetsNotSwept')).toBe(0);
  const lost = organization.at({ account: accounts[17] ?? '', region: CENTRAL.region });
  lost.faults.add({ kind: 'denied', probability: 1, service: 'secretsmanager', role: fleet.memberRole });
  await clock.advance(33 * MINUTE);
  expect(fleet.metric('SecretsObserved')).toBe(50);
  expect(fleet.metric('TargetsNotSwept')).toBe(1);
  expect(fleet.subjects()).toEqual([`[HIGH] ${accounts[17]} ${CENTRAL.region}: target-unreachable`]);
  expect(fleet.errors()).toEqual([]);
});

test.each([
  ['an account that is not watched do not pass the bus', undefined, []],
  [
    'a region that is not watched are dropped and counted',
    true,
    [{ accounts: [FAR_MEMBER.account], regions: [CENTRAL.region] }],
  ],
])('events of %s', async (_what, counted, more) => {
  const fleet = await aFleet(
    (organization) => failing(organization, FAR_MEMBER, 'prod/orders'),
    () => [{ accounts: [MEMBER.account], regions: REGIONS }, ...more],
  );
  await fleet.organization.clock.advanceTo(STUCK);
  expect(fleet.subjects()).toEqual([]);
  const unwatched = fleet.metric('EventsUnwatched');
  expect(unwatched === undefined ? undefined : unwatched > 0).toBe(counted);
  expect(fleet.organization.at(FAR_MEMBER).callLog.counts(fleet.memberRole)).toEqual({});
});

test('each target is swept once an interval, and the role of an account is assumed once an hour', async () => {
  const fleet = await aFleet(seedEverywhere);
  await fleet.organization.clock.advanceTo(later(START, 50 * MINUTE));
  const lists = fleet.organization.at(MEMBER).callLog.counts(fleet.memberRole)['secretsmanager:ListSecrets'];
  expect(lists).toBe(fleet.deployment.sweeps());
  expect(
    fleet.central.callLog.counts(fleet.deployment.functionOf('sweep-target').role)['sts:AssumeRole'],
  ).toBe(2);
});
