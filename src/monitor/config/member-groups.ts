import type { MemberGroup } from '../domain/secret/member-group.ts';
import * as kind from './setting-kind.ts';

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html */
const UNIT = /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;

const MEMBERS = {
  accounts: { isValid: (text: string) => kind.accountId.parse(text) !== undefined, of: 'twelve digits each' },
  organizationalUnits: { isValid: (text: string) => UNIT.test(text), of: 'ids such as "ou-ab12-cdefgh34"' },
  regions: { isValid: (text: string) => kind.region.parse(text) !== undefined, of: 'AWS regions' },
} as const;

type Member = keyof typeof MEMBERS;

/** A JSON list of groups of accounts; every fault of the text is named. */
export const memberGroups: kind.SettingKind<readonly MemberGroup[]> = {
  expected: 'a JSON list of groups, each with "regions" and with "accounts" or "organizationalUnits" or both',
  parse: (text) => (faultsIn(text).length > 0 ? undefined : Object.freeze(groupsIn(text).map(groupOf))),
  explain: (text) => faultsIn(text).join('; '),
};

function faultsIn(text: string): readonly string[] {
  const groups = parsedJson(text);
  if (!Array.isArray(groups)) return [memberGroups.expected];
  return groups.flatMap((group: unknown, index) =>
    groupFaults(group).map((fault) => `${fault} in group ${index + 1}`),
  );
}

function groupFaults(group: unknown): readonly string[] {
  if (typeof group !== 'object' || group === null || Array.isArray(group)) return ['a JSON object'];
  const faults = Object.entries(group).flatMap(([name, value]: [string, unknown]) =>
    isMember(name) ? memberFaults(name, value) : [`nothing named "${name}"`],
  );
  const lacksRegions = !('regions' in group);
  const lacksAccounts = !('accounts' in group || 'organizationalUnits' in group);
  return [
    ...faults,
    ...(lacksRegions ? ['"regions"'] : []),
    ...(lacksAccounts ? ['"accounts" or "organizationalUnits"'] : []),
  ];
}

function memberFaults(name: Member, value: unknown): readonly string[] {
  const { isValid, of } = MEMBERS[name];
  if (!Array.isArray(value) || value.length === 0) return [`"${name}" to be a list, not empty`];
  const wrong = value.filter((item: unknown) => typeof item !== 'string' || !isValid(item));
  return wrong.map((item: unknown) => `"${name}" to be ${of}, not ${JSON.stringify(item)}`);
}

const isMember = (name: string): name is Member => Object.hasOwn(MEMBERS, name);

type GroupText = Partial<Readonly<Record<Member, readonly string[]>>>;

/** Called only for a text without faults, so that it is what it is taken for. */
const groupsIn = (text: string): readonly GroupText[] => JSON.parse(text) as readonly GroupText[];

const groupOf = ({ accounts = [], organizationalUnits = [], regions = [] }: GroupText): MemberGroup => ({
  accounts,
  organizationalUnits,
  regions,
});

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
