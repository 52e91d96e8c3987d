import { onTestFinished } from 'vitest';
import type { Instant } from '../../src/calendar/instant.ts';
import {
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/monitor/domain/rotation/event-patterns.ts';
import type { Target } from '../../src/monitor/domain/secret/secret.ts';
import {
  createSimulatedOrganization,
  type SimulatedOrganization,
} from '../../src/simulator/simulated-organization.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { NOW } from './builders.ts';

/** Where the monitor runs. */
export const CENTRAL: Target = { account: '111122223333', region: 'eu-west-1' };
/** A member account. */
export const MEMBER: Target = { account: '444455556666', region: 'eu-west-1' };
/** Another one, in another region. */
export const FAR_MEMBER: Target = { account: '123456789012', region: 'us-east-1' };

/** An organization whose clock the test moves. */
export interface TestOrganization extends SimulatedOrganization {
  readonly clock: VirtualClock;
}

/** Empty accounts in two regions, three unless more are named; closed when the test ends. */
export function openOrganization(start: Instant = NOW, more: readonly string[] = []): TestOrganization {
  const clock = new VirtualClock(start);
  const organization = createSimulatedOrganization({
    clock,
    seed: 1,
    accounts: [CENTRAL.account, MEMBER.account, FAR_MEMBER.account, ...more],
    regions: [CENTRAL.region, FAR_MEMBER.region],
  });
  onTestFinished(() => organization.close());
  return { ...organization, clock };
}

/** Name of the role that the monitor assumes in members, unless a setting says otherwise. */
export const MEMBER_ROLE = 'secret-rotation-monitor-member';

/** Makes the role in a member account that lets the monitor look, for whoever gives the external id. */
export function addMemberRole({ world }: SimulatedOrganization, account: string, externalId: string): string {
  return world.roles.add({
    account,
    name: MEMBER_ROLE,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${CENTRAL.account}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    },
  });
}

const FORWARDED = { rotations: ROTATION_OUTCOMES, changes: SECRET_CHANGES, labels: LABEL_UPDATED };

/** Joins a member to the monitor: the role, and in each region the rules that send its events to the home region. */
export async function joinMember(
  organization: SimulatedOrganization,
  account: string,
  externalId: string,
): Promise<void> {
  addMemberRole(organization, account, externalId);
  const Arn = `arn:aws:events:${CENTRAL.region}:${CENTRAL.account}:event-bus/default`;
  const RoleArn = `arn:aws:iam::${account}:role/forward-events`;
  for (const simulator of organization.simulators.filter(({ home }) => home.account === account)) {
    for (const [Rule, pattern] of Object.entries(FORWARDED)) {
      const rule = { Name: Rule, EventPattern: JSON.stringify(pattern) };
      await simulator.call('events', 'PutRule', rule, 'deployer');
      const Targets = [{ Id: 'home', Arn, RoleArn }];
      await simulator.call('events', 'PutTargets', { Rule, Targets }, 'deployer');
    }
  }
}

/** Lets the accounts of the organization send events to the home region. */
export async function letMembersIn(organization: SimulatedOrganization): Promise<void> {
  const Condition = { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: organization.organization.id };
  const permission = { StatementId: 'members', Action: 'events:PutEvents', Principal: '*', Condition };
  await organization.at(CENTRAL).call('events', 'PutPermission', permission, 'deployer');
}
