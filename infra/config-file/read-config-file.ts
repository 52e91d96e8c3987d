import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { memberGroups } from '../../src/monitor/config/member-groups.ts';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import { SETTINGS } from '../../src/monitor/config/settings.ts';
import type { MemberGroup, MemberProps } from '../props/member-props.ts';
import { memberFaults } from '../props/prop-faults.ts';
import {
  type ConfigFile,
  ConfigFileError,
  type ConfigFileFault,
  type FileSubscription,
} from './config-file.ts';
import { fileMembers } from './file-members.ts';
import { FILE_SETTINGS } from './file-settings.ts';

/** A topic has one subscription for each of these; another would replace its filter. */
const identity = ({ topic, protocol, endpoint }: FileSubscription): string =>
  [topic, protocol, endpoint].join(' ');

const subscriptionsSchema = z
  .array(
    z.strictObject({
      topic: z.enum(['alerts', 'health', 'escalations']).default('alerts'),
      protocol: z.enum(['email', 'https', 'sms']),
      endpoint: z.string().min(1),
      filter: z.record(z.string(), z.array(z.string()).min(1)).optional(),
    }),
  )
  .refine((all) => all.some(({ topic }) => topic === 'alerts'), 'nobody would get alerts')
  .refine((all) => new Set(all.map(identity)).size === all.length, 'one topic has the same endpoint twice');

/** Reads and checks the file; throws one {@link ConfigFileError} with all faults. */
export function readConfigFile(path: string): ConfigFile {
  return checkConfigFile(readFileSync(path, 'utf8'), path);
}

/** Checks the text of the file; throws one {@link ConfigFileError} with all faults. */
export function checkConfigFile(text: string, path: string): ConfigFile {
  const {
    subscriptions = [],
    targets = [],
    'organization-id': organizationId,
    ...settings
  } = parsed(text, path);
  const checked = subscriptionsSchema.safeParse(subscriptions);
  const members = checkTargets({ targets, organizationId, settings });
  const faults = [
    ...Object.entries(settings).flatMap(([key, value]) => settingFaults(key, value)),
    ...(checked.success ? [] : checked.error.issues.map(subscriptionFault)),
    ...members.faults,
  ];
  if (!checked.success || faults.length > 0) throw new ConfigFileError(path, faults);
  const texts = Object.entries(settings).map(([key, value]) => [key, String(value)] as const);
  return { settings: Object.fromEntries(texts), subscriptions: checked.data, ...members.checked };
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  const refusal = (why: string): ConfigFileError =>
    new ConfigFileError(path, [{ path: 'the whole file', expected: `expected a JSON object, ${why}` }]);
  const file = z.record(z.string(), z.unknown()).safeParse(jsonIn(text, refusal));
  if (!file.success) throw refusal('not a list or a single value');
  return file.data;
}

function jsonIn(text: string, refusal: (why: string) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(`but it cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function settingFaults(key: string, value: unknown): readonly ConfigFileFault[] {
  const setting = FILE_SETTINGS.get(key);
  if (setting === undefined) return [{ path: key, expected: notOurs(key) }];
  const text = settingText(value);
  if (text !== undefined && setting.kind.parse(text) !== undefined) return [];
  return [{ path: key, expected: `expected ${setting.kind.expected}, such as "${setting.example}"` }];
}

/** Converts a value of the file to the text of a setting; undefined unless it is a text or a boolean. */
const settingText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;

const notOurs = (key: string): string =>
  Object.values(SETTINGS).some((setting) => setting.key === key)
    ? 'not for this file: the deployment sets it itself'
    : 'no setting of this name';

const subscriptionFault = ({ path, message }: z.core.$ZodIssue): ConfigFileFault => ({
  path: ['subscriptions', ...path].join('.'),
  expected: message,
});

/** The file's entries about other accounts and regions, before they are checked. */
interface UncheckedTargets {
  readonly targets: unknown;
  readonly organizationId: unknown;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The same checked, and everything that is wrong with it. */
interface CheckedTargets {
  readonly checked: Pick<ConfigFile, 'targets' | 'organizationId'>;
  readonly faults: readonly ConfigFileFault[];
}

/** Keys of the file by the property that each one sets. */
const KEYS: Readonly<Record<keyof MemberProps, string>> = {
  members: 'targets',
  memberRoleName: RESOURCE_SETTINGS.memberRoleName.key,
  memberExternalId: RESOURCE_SETTINGS.memberExternalId.key,
  organizationId: 'organization-id',
};

/** Checks `targets` and what goes with it; ids are checked as the functions check them. */
function checkTargets({ targets, organizationId, settings }: UncheckedTargets): CheckedTargets {
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

/** Converts a value to text; one that is no text is no valid id either, and is refused as such. */
const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));
