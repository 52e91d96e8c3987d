import type { EventRule } from '../../domain/doctor/deployed.ts';
import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import {
  type JudgedRule,
  ruleDiagnosis,
  WANTED_EVENTS,
  type WantedEvents,
} from '../../domain/doctor/rules.ts';
import { trailDiagnoses } from '../../domain/doctor/trails.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import type { Check, Doctor } from './check.ts';

/** Whether CloudTrail feeds EventBridge in this account and region. */
export const TRAIL_CHECK: Check<Pick<Doctor, 'probe'>> = {
  name: 'trail',
  needs: [
    'cloudtrail:DescribeTrails',
    'cloudtrail:GetTrailStatus',
    'cloudtrail:GetEventSelectors',
    'cloudtrail:ListEventDataStores',
  ],
  run: async ({ probe }) => trailDiagnoses(await probe.trails(), await probe.eventDataStores()),
};

/** Whether rules send the events of this account and region to the queues. */
export const RULES_CHECK: Check<Doctor> = {
  name: 'rules',
  needs: [
    'lambda:ListEventSourceMappings',
    'events:ListRuleNamesByTarget',
    'events:DescribeRule',
    'events:ListTargetsByRule',
    'events:TestEventPattern',
  ],
  run: rules,
};

/** Whether rules send what members forward to the queues. */
export const MEMBER_RULES_CHECK: Check<Doctor> = {
  name: 'member-rules',
  needs: [
    'lambda:ListEventSourceMappings',
    'events:ListEventBuses',
    'events:ListRuleNamesByTarget',
    'events:DescribeRule',
    'events:ListTargetsByRule',
    'events:TestEventPattern',
  ],
  run: memberRules,
};

async function rules({ probe, deployed: { name } }: Doctor): Promise<readonly Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const [handler, wanted] of Object.entries(WANTED_EVENTS)) {
    const [feed] = await probe.feeds(`${name}-${handler}`);
    const found = feed === undefined ? [] : await probe.rulesTo(feed.queueArn);
    for (const each of wanted)
      diagnoses.push(ruleDiagnosis(each, await judgedRules(probe, found, each), 'the queue of the monitor'));
  }
  return diagnoses;
}

/** The rules with how many of the wanted events each lets through, by EventBridge's own word. */
export const judgedRules = (
  probe: Pick<DeploymentProbe, 'matching'>,
  found: readonly EventRule[],
  { events }: WantedEvents,
): Promise<readonly JudgedRule[]> =>
  Promise.all(
    found.map(async (rule) => ({
      rule,
      matching: rule.pattern === undefined ? 0 : await probe.matching(rule.pattern, events),
    })),
  );

/** The rules of the bus that members send to: it is the one beside the default whose rules send to the queues. */
async function memberRules({ probe, deployed }: Doctor): Promise<readonly Diagnosis[]> {
  if (!deployed.hasMembers) return [];
  const buses = (await probe.buses()).filter(({ name }) => name !== 'default');
  const diagnoses: Diagnosis[] = [];
  for (const [handler, wanted] of Object.entries(WANTED_EVENTS)) {
    const [feed] = await probe.feeds(`${deployed.name}-${handler}`);
    const found = await Promise.all(
      buses.map(({ name }) => (feed === undefined ? [] : probe.rulesTo(feed.queueArn, name))),
    );
    for (const each of wanted) {
      const judged = await judgedRules(probe, found.flat(), each);
      const diagnosis = ruleDiagnosis(each, judged, 'the queue of the monitor');
      diagnoses.push({ ...diagnosis, check: 'member-rules' });
    }
  }
  return diagnoses;
}
