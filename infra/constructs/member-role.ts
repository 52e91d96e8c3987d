import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import * as look from '../permissions/look-permissions.ts';
import { neverReadValues } from '../permissions/permissions.ts';
import { acknowledgeWildcards } from '../permissions/wildcards.ts';
import { checkPolicySize } from '../props/policy-size.ts';

/** Properties of a {@link MemberRole}. */
export interface MemberRoleProps {
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
}

/**
 * Lets a monitor in another account look at the secrets of this one, and never at a value.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export class MemberRole extends Construct {
  constructor(scope: Construct, id: string, props: MemberRoleProps) {
    super(scope, id);
    const { roleName, monitorAccountId, monitorRoleNames, externalId, regions } = props;
    const statements = [
      neverReadValues(),
      look.listSecrets(regions),
      look.lookAtSecrets(regions),
      ...(props.inspectFunctions ? [look.inspectFunctions(regions), look.readFunctionMetrics(regions)] : []),
      ...(props.eventHistory ? look.readHistory(regions) : []),
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
