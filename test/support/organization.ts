import { onTestFinished } from 'vitest';
import type { Instant } from '../../src/calendar/instant.ts';
import type { Target } from '../../src/monitor/domain/secret/secret.ts';
import {
  createSimulatedOrganization,
  type SimulatedOrganization,
} from '../../src/simulator/simulated-organization.ts';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { NOW } from './builders.ts';

/** Account and region of the monitor. */
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
export function openOrganization(
  start: Instant = NOW,
  more: readonly string[] = [],
  { skipsWireFormats = false }: Pick<SimulatorOptions, 'skipsWireFormats'> = {},
): TestOrganization {
  const clock = new VirtualClock(start);
  const organization = createSimulatedOrganization({
    clock,
    seed: 1,
    skipsWireFormats,
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
