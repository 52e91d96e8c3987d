import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Input, Operation, Service } from '../call/service.ts';
import { type Member, type Organization, ROOT_ID, type Unit } from './organization.ts';

/** Most entries of a page. https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html */
const PAGE = 20;

const paging = {
  MaxResults: z.number().int().min(1).max(PAGE).default(PAGE),
  NextToken: z.string().optional(),
};
const listing = z.object(paging);
const listingIn = z.object({ ...paging, ParentId: z.string() });
const listingChildren = listingIn.extend({ ChildType: z.enum(['ACCOUNT', 'ORGANIZATIONAL_UNIT']) });

type Paging = z.infer<typeof listing>;

/** Organizations, as the accounts of an organization see it; `organization` is undefined where there is none. */
export function createOrganizations(organization: Organization | undefined): Service {
  const looking =
    (work: (seen: Organization, input: Input) => unknown): Operation =>
    (input, { account }) => {
      if (organization === undefined) {
        const message = 'Your account is not a member of an organization.';
        throw new AwsError('AWSOrganizationsNotInUseException', message);
      }
      if (!organization.mayLook(account)) {
        throw new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");
      }
      return work(organization, input);
    };
  return {
    operations: {
      ListAccounts: looking((seen, input) =>
        page('Accounts', seen.accounts().map(shownAccount(seen)), readInput(listing, input, refuse)),
      ),
      ListAccountsForParent: looking((seen, input) => {
        const request = readInput(listingIn, input, refuse);
        return page('Accounts', seen.accountsIn(request.ParentId).map(shownAccount(seen)), request);
      }),
      ListOrganizationalUnitsForParent: looking((seen, input) => {
        const request = readInput(listingIn, input, refuse);
        return page('OrganizationalUnits', seen.unitsIn(request.ParentId).map(shownUnit(seen)), request);
      }),
      ListChildren: looking((seen, input) => {
        const request = readInput(listingChildren, input, refuse);
        const { ParentId, ChildType } = request;
        const children = ChildType === 'ACCOUNT' ? seen.accountsIn(ParentId) : seen.unitsIn(ParentId);
        const shown = children.map(({ id }) => ({ Id: id, Type: ChildType }));
        return page('Children', shown, request);
      }),
      ListRoots: looking((seen, input) => {
        const Arn = `arn:aws:organizations::${seen.managementAccount}:root/${seen.id}/${ROOT_ID}`;
        const root = { Id: ROOT_ID, Arn, Name: 'Root', PolicyTypes: [] };
        return page('Roots', [root], readInput(listing, input, refuse));
      }),
    },
  };
}

const refuse = (member: string, reason: string): AwsError =>
  new AwsError('InvalidInputException', `You provided invalid values for ${member}: ${reason}`);

/** `Status` was retired on 9 September 2026. https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html */
const shownAccount =
  ({ managementAccount, id }: Organization) =>
  (member: Member): object => ({
    Id: member.id,
    Arn: `arn:aws:organizations::${managementAccount}:account/${id}/${member.id}`,
    Email: `${member.name}@example.com`,
    Name: member.name,
    State: member.state,
    JoinedMethod: 'CREATED',
  });

const shownUnit =
  ({ managementAccount, id }: Organization) =>
  (unit: Unit): object => ({
    Id: unit.id,
    Arn: `arn:aws:organizations::${managementAccount}:ou/${id}/${unit.id}`,
    Name: unit.name,
  });

function page(name: string, all: readonly object[], { MaxResults, NextToken }: Paging): object {
  const start = NextToken === undefined ? 0 : offset(NextToken, all.length);
  const end = start + MaxResults;
  return { [name]: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
}

function offset(token: string, length: number): number {
  const start = Number(token);
  if (Number.isInteger(start) && start > 0 && start < length) return start;
  throw new AwsError('InvalidInputException', 'You provided a NextToken that is not valid.');
}
