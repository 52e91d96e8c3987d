import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from './permissions.ts';

/** Allows looking at the accounts that are named. */
export const assumeRoles = (roleName: string, accounts: readonly string[]): PolicyStatement =>
  allow('AssumeMemberRoles', ['sts:AssumeRole'], {
    resources: accounts.map((account) => `arn:${Aws.PARTITION}:iam::${account}:role/${roleName}`),
  });

/**
 * Allows looking at the accounts of an organization, those too that will join it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceorgid
 */
export const assumeRolesIn = (organizationId: string, roleName: string): PolicyStatement =>
  allow('AssumeMemberRoles', ['sts:AssumeRole'], {
    resources: [`arn:${Aws.PARTITION}:iam::*:role/${roleName}`],
    conditions: { StringEquals: { 'aws:ResourceOrgID': organizationId } },
  });

/**
 * Allows listing the accounts in the units of an organization, whichever account manages it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
 */
export const listAccounts = (organizationId: string): PolicyStatement =>
  allow(
    'ListMembers',
    ['organizations:ListAccountsForParent', 'organizations:ListOrganizationalUnitsForParent'],
    {
      resources: ['ou', 'root'].map(
        (kind) => `arn:${Aws.PARTITION}:organizations::*:${kind}/${organizationId}/*`,
      ),
      conditions: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
    },
  );

/** Allows sending the events of a member to the monitor. */
export const forwardEvents = (busArn: string): PolicyStatement =>
  allow('ForwardEvents', ['events:PutEvents'], { resources: [busArn] });
