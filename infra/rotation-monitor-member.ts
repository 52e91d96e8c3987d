import { Aws, CfnCondition, CfnResource, Fn, type ICfnRuleConditionExpression } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ForwardingRules } from './constructs/forwarding-rules.ts';
import { MemberRole } from './constructs/member-role.ts';
import { defaultMemberRoleName } from './props/membership.ts';

/** Properties of a {@link RotationMonitorMember}. */
export interface RotationMonitorMemberProps {
  /** The account that the monitor runs in. */
  readonly monitorAccountId: string;
  /** The region that the monitor runs in. */
  readonly monitorRegion: string;
  /** Name of the event bus on which the monitor takes events of members. */
  readonly monitorEventBusName: string;
  /** Names of the monitor's roles that may assume the role of the member, with `*` for any text. */
  readonly monitorRoleNames: string;
  /** External id that the monitor has to give to assume the role. */
  readonly externalId: string;
  /** All regions of the account in which secrets are watched. */
  readonly regions: readonly string[];
  /**
   * Name of the role that the monitor assumes.
   *
   * @default 'secret-rotation-monitor-member'
   */
  readonly roleName?: string;
  /**
   * The region whose deployment makes the role, since roles belong to an account and not to a region of it.
   *
   * @default - the region that the monitor runs in
   */
  readonly roleRegion?: string;
  /**
   * Whether the monitor may look at rotation functions, as its property of this name says.
   *
   * @default true
   */
  readonly inspectFunctions?: boolean;
  /**
   * Whether the monitor may ask CloudTrail's event history, as its property of this name says.
   *
   * @default true
   */
  readonly eventHistory?: boolean;
}

/**
 * Lets a monitor watch the account and region that this is deployed to: sends it the events of Secrets Manager and, in
 * one region of the account, makes the role with which it looks. In the account of the monitor no role is made, and
 * beside the monitor nothing is.
 */
export class RotationMonitorMember extends Construct {
  constructor(scope: Construct, id: string, props: RotationMonitorMemberProps) {
    super(scope, id);
    const { monitorAccountId, monitorRegion, monitorEventBusName, roleRegion = monitorRegion } = props;
    const isMonitorAccount = Fn.conditionEquals(Aws.ACCOUNT_ID, monitorAccountId);
    const isMonitorRegion = Fn.conditionEquals(Aws.REGION, monitorRegion);
    const role = new MemberRole(this, 'Look', {
      ...props,
      roleName: props.roleName ?? defaultMemberRoleName(),
      inspectFunctions: props.inspectFunctions ?? true,
      eventHistory: props.eventHistory ?? true,
    });
    this.#makeIf(
      role,
      'HasRole',
      Fn.conditionAnd(Fn.conditionNot(isMonitorAccount), Fn.conditionEquals(Aws.REGION, roleRegion)),
    );
    const rules = new ForwardingRules(this, 'Forward', {
      eventBusArn: `arn:${Aws.PARTITION}:events:${monitorRegion}:${monitorAccountId}:event-bus/${monitorEventBusName}`,
    });
    this.#makeIf(rules, 'IsElsewhere', Fn.conditionNot(Fn.conditionAnd(isMonitorAccount, isMonitorRegion)));
  }

  #makeIf(construct: Construct, id: string, expression: ICfnRuleConditionExpression): void {
    const condition = new CfnCondition(this, id, { expression });
    for (const child of construct.node.findAll()) {
      if (CfnResource.isCfnResource(child)) child.cfnOptions.condition = condition;
    }
  }
}
