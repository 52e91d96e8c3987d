import type { RepairReport } from '../../monitor/application/operate/apply-repair.ts';
import { secretWord } from '../../monitor/domain/command-line.ts';
import { removeLabel, rotateSecret } from '../../monitor/domain/explain/commands.ts';
import type { Advice } from '../../monitor/domain/finding/finding.ts';
import type { RepairPlan } from '../../monitor/domain/repair/repair-plan.ts';

/** Returns the steps that are left to a person once a repair has ended. */
export function nextSteps(plan: RepairPlan, report: RepairReport): readonly Advice[] {
  switch (report.outcome) {
    case 'repaired':
      return report.stages?.[plan.pending]?.includes('AWSCURRENT') === true
        ? afterPromotion(plan, report)
        : afterGivingUp(plan, report);
    case 'disproven':
      return afterRefusal(plan);
    case 'stopped':
      return [say('The same command goes on from what AWS shows.')];
  }
}

const say = (text: string, ...commands: readonly string[]): Advice => ({ text, commands });

const afterPromotion = (plan: RepairPlan, { sent, stages }: RepairReport): readonly Advice[] => [
  ...(stages?.[plan.pending]?.includes('AWSPENDING') === true
    ? [say('AWSPENDING may stay: on the version that is AWSCURRENT it is healthy.')]
    : []),
  say('See that applications log in: one that keeps an old credential has to read the secret again.'),
  ...(sent.some(({ call, state }) => call.kind === 'finish' && state !== 'done')
    ? [say('Fix finishSecret of the rotation function before the next rotation.')]
    : []),
  ...withoutRescue(plan, stages, 'AWSCURRENT keeps the version now: remove the label that kept it.'),
];

const afterGivingUp = (plan: RepairPlan, { stages }: RepairReport): readonly Advice[] => [
  say('Fix the cause. The error lines of the rotation function name it.', explainLogs(plan)),
  say('Then rotate: this changes the password at the target.', rotateSecret(secretOf(plan))),
  ...withoutRescue(
    plan,
    stages,
    'Once a rotation has succeeded, remove the label that keeps the old version.',
  ),
];

const afterRefusal = (plan: RepairPlan): readonly Advice[] => [
  say('Find the cause. The error lines of the rotation function name it.', explainLogs(plan)),
  plan.calls.some(({ kind }) => kind === 'restore')
    ? say('If AWSCURRENT logs in, fix the cause and rotate.', rotateSecret(secretOf(plan)))
    : say('If AWSCURRENT logs in, repeat with --current-works: it gives the pending version up.'),
  say(
    'If neither logs in, start the database, unlock the account, or let an administrator reset the password. Then repeat this command.',
  ),
];

/** Removes the label of our own, where the version carries one. */
function withoutRescue(plan: RepairPlan, stages: RepairReport['stages'], text: string): readonly Advice[] {
  const label = stages?.[plan.pending]?.find((each) => each.startsWith('rotation-rescue'));
  return label === undefined ? [] : [say(text, removeLabel(secretOf(plan), label, plan.pending))];
}

const secretOf = ({ secretArn: arn, region }: RepairPlan) => ({ arn, region });

const explainLogs = (plan: RepairPlan): string =>
  `rotation-monitor explain ${secretWord(plan)} --logs --region ${plan.region}`;
