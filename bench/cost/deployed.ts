import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as z from 'zod';
import { aMonitor, templateOf } from '../../infra/templates/monitor-stack.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { type MonitorPlan, planMonitor } from '../../src/proving/player/monitor.ts';
import { CENTRAL, MEMBER } from '../../test/support/organization.ts';

/** External id that the roles of members ask for. */
export const EXTERNAL_ID = 'rotation-monitor-1a2b3c';

/** Plans the monitor whose price is computed: with a canary and mail, and with a member where one is watched. */
export function pricedMonitor({ hasMembers }: { readonly hasMembers: boolean }): MonitorPlan {
  const members = [{ accounts: [MEMBER.account], regions: [MEMBER.region] }];
  const stack = aMonitor(() => ({
    canary: true,
    subscriptions: [new EmailSubscription('oncall@example.com')],
    healthSubscriptions: [new EmailSubscription('platform@example.com')],
    ...(hasMembers ? { members, memberExternalId: EXTERNAL_ID } : {}),
  }));
  return planMonitor(CENTRAL, {
    template: templateOf(stack),
    stackName: 'rotation-monitor',
    observability: true,
  });
}

/** The parts of a deployment that are billed whether or not anything happens. */
export interface StandingCounts {
  readonly alarms: number;
  /** Metrics that they look at: an alarm on a formula is billed for each. */
  readonly metrics: number;
  readonly composite: number;
  /** Queues that feed functions. */
  readonly fedQueues: number;
}

const formula = z.object({ Metrics: z.array(z.looseObject({ MetricStat: z.unknown().optional() })) });

/** The counts of a monitor with members, and of one without: each is synthesized once, which takes long. */
const counted = new Map<boolean, StandingCounts>();

/** Counts it in what is deployed. */
export function standingCounts({ hasMembers }: Parameters<typeof pricedMonitor>[0]): StandingCounts {
  const counts = counted.get(hasMembers) ?? countsOf(pricedMonitor({ hasMembers }));
  counted.set(hasMembers, counts);
  return counts;
}

function countsOf({ resources }: MonitorPlan): StandingCounts {
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');
  const metrics = alarms.map(({ properties }) => {
    const { data } = formula.safeParse(properties);
    return data?.Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
  });
  return {
    alarms: alarms.length,
    metrics: metrics.reduce((sum, count) => sum + count, 0),
    composite: ofType(resources, 'AWS::CloudWatch::CompositeAlarm').length,
    fedQueues: ofType(resources, 'AWS::Lambda::EventSourceMapping').length,
  };
}
