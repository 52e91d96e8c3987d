import { Token } from 'aws-cdk-lib';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import type { Setting } from '../../src/monitor/config/setting.ts';
import type { MemberProps } from './member-props.ts';

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/** Beside all else, a role has room for so many ARNs. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_ACCOUNTS_IN_POLICY = 80;

/** A property that cannot be used, or is missing. */
export interface MemberFault {
  readonly property: keyof MemberProps;
  readonly expected: string;
}

/** Everything that is wrong with what is said of members. */
export function memberFaults(props: MemberProps): readonly MemberFault[] {
  const { members = [], memberExternalId, organizationId } = props;
  const { memberRoleName: nameSetting, memberExternalId: idSetting } = RESOURCE_SETTINGS;
  const found: Readonly<Record<keyof MemberProps, string | undefined>> = {
    members: faultOfMembers(members),
    memberRoleName: faultOf(nameSetting, props.memberRoleName),
    memberExternalId:
      members.length > 0 && memberExternalId === undefined
        ? 'needed where there are members: their roles ask for it'
        : faultOf(idSetting, memberExternalId),
    organizationId: organizationId === undefined ? needOfOrganization(members) : faultOfId(organizationId),
  };
  return Object.entries(found).flatMap(([property, expected]) =>
    expected === undefined ? [] : [{ property: property as keyof MemberProps, expected }],
  );
}

/** The list as the functions read it. */
export const membersText = (members: MemberProps['members'] = []): string => JSON.stringify(members);

function faultOfMembers(members: NonNullable<MemberProps['members']>): string | undefined {
  const text = membersText(members);
  const { kind } = RESOURCE_SETTINGS.members;
  return kind.parse(text) === undefined ? `expected ${kind.explain?.(text) ?? kind.expected}` : undefined;
}

/** Returns the fault of a text. A token that CloudFormation fills in cannot be judged here. */
const faultOf = ({ kind, example }: Setting<unknown>, text: string | undefined): string | undefined =>
  text === undefined || Token.isUnresolved(text) || kind.parse(text) !== undefined
    ? undefined
    : `expected ${kind.expected}, such as "${example}"`;

function needOfOrganization(members: NonNullable<MemberProps['members']>): string | undefined {
  if (members.some(({ organizationalUnits = [] }) => organizationalUnits.length > 0))
    return 'needed where organizational units are named: it says whose roles may be assumed and whose events are taken';
  return members.flatMap(({ accounts = [] }) => accounts).length > MAX_ACCOUNTS_IN_POLICY
    ? `needed where more than ${MAX_ACCOUNTS_IN_POLICY} accounts are named: policies have no room for each of them`
    : undefined;
}

const faultOfId = (id: string): string | undefined =>
  Token.isUnresolved(id) || ORGANIZATION_ID.test(id)
    ? undefined
    : 'expected the id of an organization, such as "o-a1b2c3d4e5"';
