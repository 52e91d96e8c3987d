import { type Target, targetKey } from './secret.ts';

/** Accounts that are watched besides the home account, by number or by organizational unit, and in which regions. */
export interface MemberGroup {
  /** Twelve digits each. */
  readonly accounts: readonly string[];
  /** Ids such as `ou-ab12-cdefgh34` or, for a whole organization, of its root. */
  readonly organizationalUnits: readonly string[];
  readonly regions: readonly string[];
}

/** The accounts in each organizational unit, those of units inside it included. */
export type AccountsByUnit = Readonly<Record<string, readonly string[]>>;

/** Every account of the groups in every region of its group, each once, without `home`. */
export function memberTargets(
  groups: readonly MemberGroup[],
  accountsByUnit: AccountsByUnit,
  home: Target,
): readonly Target[] {
  const all = groups.flatMap(({ accounts, organizationalUnits, regions }) =>
    [...accounts, ...organizationalUnits.flatMap((unit) => accountsByUnit[unit] ?? [])].flatMap((account) =>
      regions.map((region) => ({ account, region })),
    ),
  );
  const byKey = new Map(all.map((target) => [targetKey(target), target]));
  byKey.delete(targetKey(home));
  return [...byKey.values()];
}
