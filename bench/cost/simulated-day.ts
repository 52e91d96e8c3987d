import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { deploy } from '../../src/proving/embedded/deployment.ts';
import { NAMES, queueUrl } from '../../src/proving/embedded/environment.ts';
import { createSimulatedOrganization } from '../../src/simulator/simulated-organization.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { CENTRAL, joinMember, letMembersIn, MEMBER, MEMBER_ROLE } from '../../test/support/organization.ts';
import { CANARY_FUNCTIONS, seedCanary, startCanary } from './canary.ts';
import { dayUsage } from './day-usage.ts';
import { Meter } from './meter.ts';
import { DAY_BEGINS, seedRotatingFleet } from './rotating-fleet.ts';
import type { DayUsage } from './usage.ts';

/** What is watched. */
export interface Watching {
  /** Secrets of the home target, one of which is the canary. */
  readonly secrets: number;
  /** Secrets of a member account that is watched, too; none is when left out. */
  readonly memberSecrets?: number;
}

/** The monitor runs so long before the day, so that what a first sweep does once is not taken times thirty. */
const WARM_UP_MS: number = 2 * HOUR;
const EXTERNAL_ID = 'rotation-monitor-1a2b3c';
/** Of what EventBridge, Scheduler and Lambda give up; the embedded deployment alone has none. */
const UNDELIVERED = 'undelivered-dlq';

/** Lets the deployed monitor watch a fleet for a day, in which a thirtieth of it rotates, and counts what it uses. */
export async function simulatedDay({ secrets, memberSecrets }: Watching): Promise<DayUsage> {
  const clock = new VirtualClock(later(DAY_BEGINS, -WARM_UP_MS));
  const accounts = [CENTRAL.account, MEMBER.account] as const;
  const organization = createSimulatedOrganization({ clock, seed: 1, accounts, regions: [CENTRAL.region] });
  const home = organization.at(CENTRAL);
  const member = organization.at(MEMBER);
  seedRotatingFleet(home, secrets - 1);
  if (memberSecrets !== undefined) {
    seedRotatingFleet(member, memberSecrets);
    await joinMember(organization, MEMBER.account, EXTERNAL_ID);
    await letMembersIn(organization);
  }
  const meter = new Meter();
  const watched = meter.around(home);
  await watched.call('sqs', 'CreateQueue', { QueueName: UNDELIVERED }, 'deployer');
  const environment = {
    ...usualEnvironment(home),
    ROTATION_MONITOR_CANARY_SECRET_ARN: seedCanary(watched),
    ...(memberSecrets === undefined ? {} : MEMBERS),
  };
  const readers = { health: 'platform@example.com' };
  const deployment = await deploy(watched, { environment, readers, onLog: meter.onLog });
  await deployment.start();
  await startCanary(watched, deployment.config);
  // A minute more, so that the day holds as many sweeps as any other one.
  await clock.advanceTo(later(DAY_BEGINS, MINUTE));
  meter.reset();
  for (const { callLog } of organization.simulators) callLog.reset();
  const before = { delivered: home.eventBridge.counts().delivered, emails: home.sns.inbox.length };
  await clock.advance(DAY);
  const failed = deployment.roles.flatMap((role) => home.functions.stats(role).lastError ?? []);
  if (failed.length > 0) throw new AggregateError(failed, 'Functions failed');
  const roles = [...deployment.roles, ...CANARY_FUNCTIONS];
  const usage = await dayUsage({ home, member, memberRole: MEMBER_ROLE, roles, meter, before, secrets });
  await organization.close();
  return usage;
}

const MEMBERS = {
  ROTATION_MONITOR_MEMBERS: JSON.stringify([{ accounts: [MEMBER.account], regions: [MEMBER.region] }]),
  ROTATION_MONITOR_MEMBER_EXTERNAL_ID: EXTERNAL_ID,
};

/** As infra deploys it by default: one dead-letter queue more, and no bus of the applications. */
function usualEnvironment({ home }: Simulator): Readonly<Record<string, string>> {
  const names = [NAMES.deadLetterQueue, UNDELIVERED];
  return {
    ROTATION_MONITOR_DEAD_LETTER_QUEUE_URLS: names.map((name) => queueUrl(home, name)).join(','),
    ROTATION_MONITOR_APPLICATION_BUS_NAME: '',
  };
}
