import {
  type OrganizationsClient,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from '@aws-sdk/client-organizations';
import { type AccountDirectory, AccountDirectoryError } from '../../ports/look/account-directory.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/**
 * Asks AWS Organizations, from the management account or a delegated administrator. A unit's list lacks the accounts of
 * units inside it, so they are asked too.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html
 */
export const organizationsDirectory = (client: OrganizationsClient): AccountDirectory => ({
  async accountsIn(unit) {
    try {
      return await accountsBelow(client, unit);
    } catch (error) {
      throw new AccountDirectoryError(`Cannot list the accounts in "${unit}": ${describeFailure(error)}`, {
        ...failureOf(error),
        cause: error,
      });
    }
  },
});

async function accountsBelow(client: OrganizationsClient, ParentId: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { Accounts = [] } of paginateListAccountsForParent({ client }, { ParentId })) {
    found.push(...Accounts.flatMap(({ Id, State }) => (Id !== undefined && State === 'ACTIVE' ? [Id] : [])));
  }
  const pages = paginateListOrganizationalUnitsForParent({ client }, { ParentId });
  for await (const { OrganizationalUnits = [] } of pages) {
    for (const { Id = '' } of OrganizationalUnits) found.push(...(await accountsBelow(client, Id)));
  }
  return found;
}
