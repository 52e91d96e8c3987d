import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import * as may from '../permissions/permissions.ts';
import type { SettingTexts } from '../props/environment.ts';
import { ScheduleGroup } from './schedule-group.ts';

/** Where functions put the one-time schedules that have a secret checked at its deadline. */
export class DeadlineSchedules extends Construct {
  /** Where functions find group, role and target. */
  readonly settings: SettingTexts;
  /** What a function needs that adds schedules. */
  readonly permissions: () => readonly PolicyStatement[];

  constructor(scope: Construct, id: string, targetArn: string) {
    super(scope, id);
    const { groupName, schedulesArn, role } = new ScheduleGroup(this, 'Group', [may.invoke(targetArn)]);
    this.settings = {
      deadlineScheduleGroup: groupName,
      deadlineTargetArn: targetArn,
      deadlineRoleArn: role.roleArn,
    };
    this.permissions = () => [may.createSchedules(schedulesArn), may.passToScheduler(role.roleArn)];
  }
}
