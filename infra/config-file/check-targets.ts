import { memberGroups } from '../../src/monitor/config/member-groups.ts';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import { memberFaults } from '../props/member-faults.ts';
import type { MemberGroup, MemberProps } from '../props/member-props.ts';
import type { ConfigFile, ConfigFileFault } from './config-file.ts';
import { fileMembers } from './file-members.ts';

/** What the file says of other accounts and regions, as it stands there. */
export interface UncheckedTargets {
  readonly targets: unknown;
  readonly organizationId: unknown;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The same checked, and everything that is wrong with it. */
export interface CheckedTargets {
  readonly checked: Pick<ConfigFile, 'targets' | 'organizationId'>;
  readonly faults: readonly ConfigFileFault[];
}

/** Where in the file the properties stand. */
const KEYS: Readonly<Record<keyof MemberProps, string>> = {
  members: 'targets',
  memberRoleName: RESOURCE_SETTINGS.memberRoleName.key,
  memberExternalId: RESOURCE_SETTINGS.memberExternalId.key,
  organizationId: 'organization-id',
};

/** Checks `targets` and what goes with it; ids are checked as the functions check them. */
export function checkTargets({ targets, organizationId, settings }: UncheckedTargets): CheckedTargets {
  const groups = groupsOf(targets);
  const checked = { targets: groups ?? [], organizationId: textOf(organizationId) };
  const texts = Object.entries(settings).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
  const faults = memberFaults(fileMembers({ settings: Object.fromEntries(texts), ...checked }));
  return {
    checked,
    faults: [
      ...(groups === undefined ? [{ path: KEYS.members, expected: faultOf(targets) }] : []),
      // Settings are checked with all others; here counts what is missing.
      ...faults
        .map(({ property, expected }) => ({ path: KEYS[property], expected }))
        .filter(({ path }) => settings[path] === undefined),
    ],
  };
}

/** Undefined when it is no list of groups. */
function groupsOf(targets: unknown): readonly MemberGroup[] | undefined {
  const groups = memberGroups.parse(JSON.stringify(targets));
  return groups?.map(({ accounts, organizationalUnits, regions }) => ({
    ...(accounts.length === 0 ? {} : { accounts }),
    ...(organizationalUnits.length === 0 ? {} : { organizationalUnits }),
    regions,
  }));
}

const faultOf = (targets: unknown): string =>
  `expected ${memberGroups.explain?.(JSON.stringify(targets)) ?? memberGroups.expected}`;

/** What is no text is no id either. */
const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));
