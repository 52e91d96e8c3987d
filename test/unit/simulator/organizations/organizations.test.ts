import {
  ListAccountsForParentCommand,
  ListChildrenCommand,
  ListRootsCommand,
  OrganizationsClient,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { CENTRAL, MEMBER, openOrganization } from '../../../support/organization.ts';
import { sdk } from '../../../support/simulated.ts';
import { clientOf, openAccount } from '../open-account.ts';

const open = () => {
  const { organization, ...rest } = openOrganization();
  const client = new OrganizationsClient(sdk(rest.at(CENTRAL)));
  return { ...rest, organization, client };
};

test('accounts are listed by the unit they are in, without those of units inside it', async () => {
  const { organization, client } = open();
  const outer = organization.addUnit('workloads');
  const inner = organization.addUnit('production', outer);
  organization.move(MEMBER.account, outer);
  organization.move('123456789012', inner);
  const { Accounts = [] } = await client.send(new ListAccountsForParentCommand({ ParentId: outer }));
  expect(Accounts.map(({ Id, State }) => [Id, State])).toEqual([[MEMBER.account, 'ACTIVE']]);
  const units: (string | undefined)[] = [];
  for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId: outer })) {
    units.push(...(page.OrganizationalUnits ?? []).map(({ Id }) => Id));
  }
  expect(units).toEqual([inner]);
});

test('the root has the accounts that no unit has, and children of both kinds', async () => {
  const { organization, client } = open();
  const unit = organization.addUnit('workloads');
  organization.move(MEMBER.account, unit);
  const { Roots = [] } = await client.send(new ListRootsCommand({}));
  const ParentId = Roots[0]?.Id;
  const children = async (ChildType: 'ACCOUNT' | 'ORGANIZATIONAL_UNIT') =>
    (await client.send(new ListChildrenCommand({ ParentId, ChildType }))).Children?.map(({ Id }) => Id);
  expect(await children('ACCOUNT')).toEqual([CENTRAL.account, '123456789012']);
  expect(await children('ORGANIZATIONAL_UNIT')).toEqual([unit]);
});

test('more than twenty accounts come in pages, suspended ones with their state', async () => {
  const { organization, client } = open();
  const unit = organization.addUnit('many');
  const ids = Array.from({ length: 45 }, (_, index) => String(444455556000 + index));
  for (const id of ids) organization.addAccount({ id, name: id, parent: unit });
  organization.setState('444455556044', 'SUSPENDED');
  const found: (string | undefined)[] = [];
  const sizes: number[] = [];
  for await (const { Accounts = [] } of paginateListAccountsForParent({ client }, { ParentId: unit })) {
    sizes.push(Accounts.length);
    found.push(...Accounts.map(({ Id, State }) => (State === 'ACTIVE' ? Id : State)));
  }
  expect(sizes).toEqual([20, 20, 5]);
  expect(found).toEqual([...ids.slice(0, -1), 'SUSPENDED']);
  let all = 0;
  for await (const { Accounts = [] } of paginateListAccounts({ client }, {})) all += Accounts.length;
  expect(all).toBe(48);
});

test('a unit that is not there has no accounts', async () => {
  const { client } = open();
  const command = new ListAccountsForParentCommand({ ParentId: 'ou-simu-99999999' });
  await expect(client.send(command)).rejects.toMatchObject({ name: 'ParentNotFoundException' });
});

test('a token that no page gave is refused', async () => {
  const { client } = open();
  const command = new ListAccountsForParentCommand({ ParentId: 'r-simu', NextToken: 'x' });
  await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidInputException' });
});

test('a member may look only if it was made an administrator', async () => {
  const { organization, ...rest } = open();
  const client = new OrganizationsClient(sdk(rest.at(MEMBER)));
  await expect(client.send(new ListRootsCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: "You don't have permissions to access this resource.",
  });
  organization.delegate(MEMBER.account);
  await expect(client.send(new ListRootsCommand({}))).resolves.toMatchObject({ Roots: [{ Name: 'Root' }] });
});

test('an account that is alone is in no organization', async () => {
  const client = new OrganizationsClient(clientOf(openAccount()));
  await expect(client.send(new ListRootsCommand({}))).rejects.toMatchObject({
    name: 'AWSOrganizationsNotInUseException',
    message: 'Your account is not a member of an organization.',
  });
});
