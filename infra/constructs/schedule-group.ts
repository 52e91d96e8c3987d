import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';

/** A group of schedules, with a role that EventBridge Scheduler takes on for schedules of this group alone. */
export class ScheduleGroup extends Construct {
  readonly groupName: string;
  /** ARN of all schedules in it. */
  readonly schedulesArn: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, permissions: readonly PolicyStatement[]) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, 'Group');
    this.groupName = group.ref;
    this.schedulesArn = `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule/${group.ref}/*`;
    this.role = new Role(this, 'Role', {
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnEquals: { 'aws:SourceArn': group.attrArn },
        },
      }),
      inlinePolicies: { Calls: new PolicyDocument({ statements: [...permissions] }) },
    });
  }
}
