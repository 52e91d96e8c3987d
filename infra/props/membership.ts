import { Stack, Token } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import * as may from '../permissions/member-permissions.ts';
import type { SettingTexts } from './environment.ts';
import type { MemberGroup, MemberProps } from './member-props.ts';
import { membersText } from './prop-faults.ts';

/** Settings and permissions for watching other accounts and regions; empty without members. */
export interface Membership {
  /** Settings from which functions learn the members. */
  readonly settings: SettingTexts;
  /** Regions in which secrets of the monitor's own account are watched; undefined for its own region alone. */
  readonly regions: readonly string[] | undefined;
  /** Permissions of a function that looks at members. */
  readonly reach: () => readonly PolicyStatement[];
  /** Permissions of a function that lists the accounts that are members. */
  readonly find: () => readonly PolicyStatement[];
}

/** Returns the membership that checked properties describe. */
export function membershipOf(scope: Construct, props: MemberProps): Membership {
  const { members = [], memberExternalId, organizationId } = props;
  if (members.length === 0) return { settings: {}, regions: undefined, reach: () => [], find: () => [] };
  const memberRoleName = props.memberRoleName ?? defaultMemberRoleName();
  const { account, region } = Stack.of(scope);
  const others = members.filter((group) => mayContain(group, account)).flatMap(({ regions }) => regions);
  const accounts = accountsIn(members).filter((each) => each !== account);
  const hasUnits = unitsIn(members).length > 0;
  return {
    settings: { members: membersText(members), memberRoleName, memberExternalId },
    regions: others.length === 0 ? undefined : [...new Set([region, ...others])],
    reach: () => {
      if (organizationId !== undefined) return [may.assumeRolesIn(organizationId, memberRoleName)];
      return accounts.length === 0 ? [] : [may.assumeRoles(memberRoleName, accounts)];
    },
    find: () => (hasUnits && organizationId !== undefined ? [may.listAccounts(organizationId)] : []),
  };
}

/** The accounts that are named, each once. */
export const accountsIn = (members: readonly MemberGroup[]): readonly string[] => [
  ...new Set(members.flatMap(({ accounts = [] }) => accounts)),
];

/** The organizational units that are named, each once. */
export const unitsIn = (members: readonly MemberGroup[]): readonly string[] => [
  ...new Set(members.flatMap(({ organizationalUnits = [] }) => organizationalUnits)),
];

/** The regions that are named, each once. */
export const regionsIn = (members: readonly MemberGroup[]): readonly string[] => [
  ...new Set(members.flatMap(({ regions }) => regions)),
];

/** The role name that the functions use where none is said. */
export const defaultMemberRoleName = (): string => {
  const { default: name = '' } = RESOURCE_SETTINGS.memberRoleName;
  return name;
};

/** Whether the monitor's account could be in a group. An account known only at deployment could. */
const mayContain = ({ accounts = [], organizationalUnits = [] }: MemberGroup, account: string): boolean =>
  Token.isUnresolved(account) || organizationalUnits.length > 0 || accounts.includes(account);
