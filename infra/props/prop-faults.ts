import { Duration, Token } from 'aws-cdk-lib';
import { DAY, MINUTE } from '../../src/calendar/instant.ts';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import type { Setting } from '../../src/monitor/config/setting.ts';
import { auditFaults } from './audit-props.ts';
import { DeploymentError } from './deployment-error.ts';
import type { MemberProps } from './member-props.ts';
import type { MemberParameters } from './member-stack-props.ts';
import type { RotationMonitorProps } from './rotation-monitor-props.ts';
import { AUDIT_SETTING_PROPS, SETTING_PROPS, textOf } from './setting-props.ts';

/** Throws with everything that is wrong with the properties, as the functions would find when they read their settings. */
export function checkProps(props: RotationMonitorProps): void {
  const faults = [
    ...settingFaults(props),
    ...auditFaults(props),
    ...memberFaults(props).map(({ property, expected }) => `${property}: ${expected}`),
  ];
  refuse('monitor', faults);
}

/** The same for the properties of a member. */
export function checkMember(props: MemberParameters): void {
  const { accountId, region, memberExternalId, memberRoleName } = RESOURCE_SETTINGS;
  const idFault = faultOfText(memberExternalId, props.externalId);
  refuse('member', [
    ...faultOf('monitorAccountId', accountId, props.monitorAccountId),
    ...faultOf('monitorRegion', region, props.monitorRegion),
    ...(idFault === undefined ? [] : [`externalId: ${idFault}`]),
    ...faultOf('roleName', memberRoleName, props.roleName),
    ...faultOf('roleRegion', region, props.roleRegion),
  ]);
}

function refuse(what: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new DeploymentError(`Cannot make the ${what}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

function settingFaults(props: RotationMonitorProps): readonly string[] {
  const chosen: Readonly<Record<string, unknown>> = { ...props };
  const { slackWebhookParameter, heartbeatUrlParameter } = RESOURCE_SETTINGS;
  const settings = [
    ...SETTING_PROPS,
    ...AUDIT_SETTING_PROPS,
    { name: 'slackWebhookParameterName', setting: slackWebhookParameter },
    { name: 'heartbeatUrlParameterName', setting: heartbeatUrlParameter },
  ];
  return [
    ...settings.flatMap(({ name, setting }) => faultOf(name, setting, chosen[name])),
    ...intervalFault(props.sweepInterval),
  ];
}

function faultOf(name: string, { kind, example }: Setting<unknown>, value: unknown): readonly string[] {
  if (value === undefined || isUnresolved(value)) return [];
  const text = textOf(value);
  if (kind.parse(text) !== undefined) return [];
  const got = kind.secret ? 'something else, which is not repeated here' : `"${text}"`;
  return [`${name}: expected ${kind.explain?.(text) ?? kind.expected}, such as "${example}", and got ${got}`];
}

/** Scheduler counts in minutes, and alarms look back no further than a week. */
function intervalFault(interval: Duration | undefined): readonly string[] {
  if (interval === undefined || interval.isUnresolved()) return [];
  const ms = interval.toMilliseconds();
  const isWhole = ms % MINUTE === 0 && ms > 0 && ms <= DAY;
  return isWhole ? [] : ['sweepInterval: expected whole minutes, a day at most'];
}

/** Whether a value is known only at deployment, and so cannot be judged here. */
const isUnresolved = (value: unknown): boolean =>
  value instanceof Duration ? value.isUnresolved() : Token.isUnresolved(value);

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/** Beside all else, a role has room for so many ARNs. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_ACCOUNTS_IN_POLICY = 80;

/** A property that cannot be used, or is missing. */
interface MemberFault {
  readonly property: keyof MemberProps;
  readonly expected: string;
}

/** Everything that is wrong with what is said of members. */
export function memberFaults(props: MemberProps): readonly MemberFault[] {
  const { members = [], memberExternalId, organizationId } = props;
  const { memberRoleName: nameSetting, memberExternalId: idSetting } = RESOURCE_SETTINGS;
  const found: Readonly<Record<keyof MemberProps, string | undefined>> = {
    members: faultOfMembers(members),
    memberRoleName: faultOfText(nameSetting, props.memberRoleName),
    memberExternalId:
      members.length > 0 && memberExternalId === undefined
        ? 'needed where there are members: their roles ask for it'
        : faultOfText(idSetting, memberExternalId),
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
const faultOfText = ({ kind, example }: Setting<unknown>, text: string | undefined): string | undefined =>
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
