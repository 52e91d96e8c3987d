import { Aws, CfnCondition, CfnResource, Fn, type ICfnRuleConditionExpression } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ForwardingRules } from './constructs/rotation-rules.ts';
import * as look from './permissions/look-permissions.ts';
import { neverReadValues } from './permissions/permissions.ts';
import { acknowledgeWildcards } from './permissions/wildcards.ts';
import { defaultMemberRoleName } from './props/membership.ts';
import { checkPolicySize } from './props/policy-size.ts';
import { checkMember } from './props/prop-faults.ts';

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
  /**
   * Whether the monitor may read Security Hub's own verdicts, as its property of this name says.
   *
   * @default false
   */
  readonly securityHubVerdicts?: boolean;
}

/**
 * Lets a monitor watch the account and region that this is deployed to: sends it the events of Secrets Manager and, in
 * one region of the account, makes the role with which it looks. In the account of the monitor no role is made, and
 * beside the monitor nothing is.
 */
export class RotationMonitorMember extends Construct {
  constructor(scope: Construct, id: string, props: RotationMonitorMemberProps) {
    super(scope, id);
    checkMember(props);
    const { monitorAccountId, monitorRegion, monitorEventBusName, roleRegion = monitorRegion } = props;
    const isMonitorAccount = Fn.conditionEquals(Aws.ACCOUNT_ID, monitorAccountId);
    const isMonitorRegion = Fn.conditionEquals(Aws.REGION, monitorRegion);
    const role = new MemberRole(this, 'Look', {
      ...props,
      roleName: props.roleName ?? defaultMemberRoleName(),
      inspectFunctions: props.inspectFunctions ?? true,
      eventHistory: props.eventHistory ?? true,
      securityHubVerdicts: props.securityHubVerdicts ?? false,
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

/** Properties of a {@link MemberRole}. */
interface MemberRoleProps {
  readonly roleName: string;
  /** The account that the monitor runs in. */
  readonly monitorAccountId: string;
  /** Names of the roles in it that may assume this one, with `*` for any text. */
  readonly monitorRoleNames: string;
  readonly externalId: string;
  /** Regions in which secrets may be looked at. */
  readonly regions: readonly string[];
  /** Whether rotation functions may be looked at. */
  readonly inspectFunctions: boolean;
  /** Whether CloudTrail's event history may be asked. */
  readonly eventHistory: boolean;
  /** Whether Security Hub's own verdicts may be read. */
  readonly securityHubVerdicts: boolean;
}

/**
 * Lets a monitor in another account look at the secrets of this one, and never at a value.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
class MemberRole extends Construct {
  constructor(scope: Construct, id: string, props: MemberRoleProps) {
    super(scope, id);
    const { roleName, monitorAccountId, monitorRoleNames, externalId, regions } = props;
    const statements = [
      neverReadValues(),
      look.listSecrets(regions),
      look.lookAtSecrets(regions),
      ...(props.inspectFunctions ? [look.inspectFunctions(regions), look.readFunctionMetrics(regions)] : []),
      ...(props.eventHistory ? look.readHistory(regions) : []),
      ...(props.securityHubVerdicts ? [look.readFindings(regions)] : []),
    ];
    const role = new Role(this, 'Role', {
      roleName,
      description: 'Lets the secret rotation monitor look at secrets, not at their values',
      assumedBy: new AccountPrincipal(monitorAccountId).withConditions({
        StringEquals: { 'sts:ExternalId': externalId },
        ArnLike: {
          'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${monitorAccountId}:role/${monitorRoleNames}`,
        },
      }),
      inlinePolicies: { Calls: new PolicyDocument({ statements }) },
    });
    acknowledgeWildcards(role, statements);
    checkPolicySize(role, statements);
  }
}
