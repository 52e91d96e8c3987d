import type { JoinedMember } from '../../domain/doctor/deployed.ts';
import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import { forwardRoleDiagnoses, lookRoleDiagnosis } from '../../domain/doctor/member.ts';
import { identityDiagnosis, lookActions } from '../../domain/doctor/permissions.ts';
import { deadLetterDiagnosis, queuePolicyDiagnoses } from '../../domain/doctor/queues.ts';
import { ruleDiagnosis, WANTED_EVENTS } from '../../domain/doctor/rules.ts';
import type { Check, Doctor } from './check.ts';
import { judgedRules, TRAIL_CHECK } from './event-checks.ts';
import { NEEDED_FOR_LOGS, rotationFunctions } from './rotation-function-checks.ts';

/** The ports by which checks examine the part of a monitor in another account or region. */
export interface MemberDoctor extends Omit<Doctor, 'deployed'> {
  readonly member: JoinedMember;
}

const FINDING_RULES = ['events:ListRules', 'events:DescribeRule', 'events:ListTargetsByRule'];

/** Everything that is looked at in a member, in the order in which an event would meet it. */
export const MEMBER_CHECKS: readonly Check<MemberDoctor>[] = [
  TRAIL_CHECK,
  {
    name: 'rules',
    needs: [...FINDING_RULES, 'events:TestEventPattern'],
    run: async ({ probe, member: { rules } }) =>
      Promise.all(
        Object.values(WANTED_EVENTS)
          .flat()
          .map(async (each) => ruleDiagnosis(each, await judgedRules(probe, rules, each), 'the monitor')),
      ),
  },
  {
    name: 'forward-role',
    needs: [...FINDING_RULES, 'iam:SimulatePrincipalPolicy'],
    run: forwardRoles,
  },
  {
    name: 'dead-letters',
    needs: [...FINDING_RULES, 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
    run: async ({ probe, member }) =>
      Promise.all(deadLettersOf(member).map(async (arn) => deadLetterDiagnosis(arn, await probe.queue(arn)))),
  },
  {
    name: 'queue-policies',
    needs: [...FINDING_RULES, 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
    run: queuePolicies,
  },
  { name: 'look-role', needs: ['iam:SimulatePrincipalPolicy'], run: lookRole },
  { name: 'log-groups', needs: NEEDED_FOR_LOGS, run: rotationFunctions },
];

/** The queues of what the rules could not send, each once. */
const deadLettersOf = ({ rules }: JoinedMember): readonly string[] => [
  ...new Set(rules.flatMap(({ targets }) => targets.flatMap(({ deadLetterArn }) => deadLetterArn ?? []))),
];

async function forwardRoles({
  probe,
  member: { rules, busArn },
}: MemberDoctor): Promise<readonly Diagnosis[]> {
  if (busArn === undefined) return [];
  const targets = rules.flatMap((rule) => rule.targets).filter(({ arn }) => arn === busArn);
  const roles = [...new Set(targets.flatMap(({ roleArn }) => roleArn ?? []))];
  const asked = { action: 'events:PutEvents', resource: busArn };
  const diagnoses = await Promise.all(
    roles.map(async (roleArn) =>
      forwardRoleDiagnoses(roleArn, asked, (await probe.simulate(roleArn, [asked]))?.[0]),
    ),
  );
  return diagnoses.flat();
}

async function queuePolicies({ probe, member }: MemberDoctor): Promise<readonly Diagnosis[]> {
  const { rules, account } = member;
  const diagnoses = await Promise.all(
    deadLettersOf(member).map(async (arn) => {
      const queue = await probe.queue(arn);
      const own = rules.filter(({ targets }) => targets.some(({ deadLetterArn }) => deadLetterArn === arn));
      return queue === undefined ? [] : queuePolicyDiagnoses(queue, own, account);
    }),
  );
  return diagnoses.flat();
}

async function lookRole({
  probe,
  member: { lookRoleArn, region },
}: MemberDoctor): Promise<readonly Diagnosis[]> {
  if (lookRoleArn === undefined) return [];
  const needed = lookActions(lookRoleArn, region);
  const simulated = await probe.simulate(lookRoleArn, needed);
  if (simulated === undefined) return [lookRoleDiagnosis(lookRoleArn)];
  return needed.map((each) => {
    const found = simulated.find(
      ({ action, resource }) => action === each.action && resource === each.resource,
    );
    return { ...identityDiagnosis(lookRoleArn, each, found), check: 'look-role' };
  });
}
