import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { deployTemplate } from '../../src/proving/player/deploy-template.ts';
import { resourcesIn } from '../../src/proving/player/deployed-resources.ts';
import { deployMonitor, type MonitorPlan, packedTemplate } from '../../src/proving/player/monitor.ts';
import { createSimulatedOrganization } from '../../src/simulator/simulated-organization.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { CENTRAL, MEMBER } from '../../test/support/organization.ts';
import { auditUse, dayUsage } from './day-usage.ts';
import { EXTERNAL_ID, pricedMonitor } from './deployed.ts';
import { Meter } from './meter.ts';
import { DAY_BEGINS, seedRotatingFleet } from './rotating-fleet.ts';
import type { DayUsage } from './usage.ts';

/** The targets of a simulated day. */
export interface Watching {
  /** Secrets of the home target, one of which is the canary. */
  readonly secrets: number;
  /** Secrets of a member account that is watched, too; none is when left out. */
  readonly memberSecrets?: number;
}

/** The monitor runs so long before the day, so that what a first sweep does once is not taken times thirty. */
const WARM_UP_MS: number = 2 * HOUR;

/** Lets the deployed monitor watch a fleet for a day, in which a thirtieth of it rotates, and counts what it uses. */
export async function simulatedDay({ secrets, memberSecrets }: Watching): Promise<DayUsage> {
  const clock = new VirtualClock(later(DAY_BEGINS, -WARM_UP_MS));
  const accounts = [CENTRAL.account, MEMBER.account] as const;
  const organization = createSimulatedOrganization({ clock, seed: 1, accounts, regions: [CENTRAL.region] });
  const home = organization.at(CENTRAL);
  const member = organization.at(MEMBER);
  const plan = pricedMonitor({ hasMembers: memberSecrets !== undefined });
  const meter = new Meter();
  seedRotatingFleet(home, secrets - 1);
  if (memberSecrets !== undefined) seedRotatingFleet(member, memberSecrets);
  const resources = plan.resources.filter(({ type }) => !type.startsWith('AWS::CloudWatch::'));
  const given = { onLog: meter.onLog };
  const deployment = await deployMonitor(meter.around(home), { ...plan, resources }, given);
  if (memberSecrets !== undefined) await join(member, plan);
  // A minute more, so that the day holds as many sweeps as any other one.
  await clock.advanceTo(later(DAY_BEGINS, MINUTE));
  meter.reset();
  for (const { callLog } of organization.simulators) callLog.reset();
  const before = { delivered: home.eventBridge.counts().delivered, emails: home.sns.inbox.length };
  await clock.advance(DAY);
  if (deployment.failedRuns() > 0) {
    const failed = plan.functions.flatMap(({ name }) => home.functions.stats(name).lastError ?? []);
    throw new AggregateError(failed, 'Functions failed');
  }
  const { functions, config } = deployment;
  const played = { home, member, functions, config, meter, before, secrets };
  const usage = await dayUsage(played);
  meter.reset();
  for (const { callLog } of organization.simulators) callLog.reset();
  await home.functions.invoke(plan.functionOf('audit').name, {});
  const audit = auditUse(played, plan.idOf('AWS::S3::Bucket', 'Audits'));
  await organization.close();
  return { ...usage, audit };
}

/** Deploys the template of a member. */
async function join(member: Simulator, { idOf, config }: MonitorPlan): Promise<void> {
  const parameters = {
    MonitorAccountId: CENTRAL.account,
    MonitorRegion: CENTRAL.region,
    MonitorEventBusName: idOf('AWS::Events::EventBus', ''),
    ExternalId: EXTERNAL_ID,
    RoleName: config.memberRoleName,
    RoleRegion: MEMBER.region,
    Regions: MEMBER.region,
  };
  const place = { ...MEMBER, sqsEndpoint: `https://sqs.${MEMBER.region}.amazonaws.com`, parameters };
  await deployTemplate(member, resourcesIn(packedTemplate('member'), place));
}
