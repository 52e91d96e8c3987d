import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import { SERVICE_SETTINGS } from '../../src/monitor/config/service-settings.ts';
import type { MemberGroup } from '../props/member-props.ts';
import type { RotationMonitorMemberStackProps } from '../props/member-stack-props.ts';
import { regionsIn } from '../props/membership.ts';
import type { ConfigFile } from './config-file.ts';
import { isOn } from './file-settings.ts';

/** The deployment that members are members of. */
export interface MonitorPlace {
  /** Undefined when it is decided while deploying. */
  readonly account: string | undefined;
  /** Undefined when it is decided while deploying. */
  readonly region: string | undefined;
  readonly stackName: string;
  readonly memberBusName: string;
}

/** Returns the file's entries about members as the properties of their stack. */
export function memberStackProps(
  { settings, targets }: ConfigFile,
  { account, region, stackName, memberBusName }: MonitorPlace,
): RotationMonitorMemberStackProps {
  const { memberExternalId, memberRoleName } = RESOURCE_SETTINGS;
  const { inspectFunctions, eventHistory } = SERVICE_SETTINGS;
  return {
    parameters: {
      monitorAccountId: account,
      monitorRegion: region,
      monitorEventBusName: memberBusName,
      // CloudFormation begins the names of roles with that of their stack.
      monitorRoleNames: `${stackName}-*`,
      externalId: settings[memberExternalId.key],
      roleName: settings[memberRoleName.key] ?? memberRoleName.default,
      regions: regionsIn(targets),
      roleRegion: roleRegion(targets, region),
    },
    inspectFunctions: isOn(settings, inspectFunctions),
    eventHistory: isOn(settings, eventHistory),
  };
}

/** A region in which every group has a stack that can make the role, that of the monitor if it is one; undefined without one. */
function roleRegion(members: readonly MemberGroup[], monitorRegion: string | undefined): string | undefined {
  const shared = regionsIn(members).filter((region) =>
    members.every(({ regions }) => regions.includes(region)),
  );
  return shared.find((region) => region === monitorRegion) ?? shared[0];
}
