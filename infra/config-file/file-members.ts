import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import type { MemberProps } from '../props/member-props.ts';
import type { ConfigFile } from './config-file.ts';

/** Returns the file's entries about other accounts and regions as properties of a monitor. */
export function fileMembers({
  settings,
  targets,
  organizationId,
}: Omit<ConfigFile, 'subscriptions'>): MemberProps {
  const memberRoleName = settings[RESOURCE_SETTINGS.memberRoleName.key];
  const memberExternalId = settings[RESOURCE_SETTINGS.memberExternalId.key];
  return {
    members: targets,
    ...(memberRoleName === undefined ? {} : { memberRoleName }),
    ...(memberExternalId === undefined ? {} : { memberExternalId }),
    ...(organizationId === undefined ? {} : { organizationId }),
  };
}
