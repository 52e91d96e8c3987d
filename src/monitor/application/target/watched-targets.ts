import type { Datapoint } from '../../domain/metric.ts';
import { type AccountsByUnit, memberTargets } from '../../domain/secret/member-group.ts';
import type { Target } from '../../domain/secret/secret.ts';
import { AccountDirectoryError } from '../../ports/look/account-directory.ts';
import type { Service } from '../service.ts';
import { isSameTarget } from './at-target.ts';
import { updateTarget } from './update-target.ts';

/** Parts of the service that find the members. */
type FindingMembers = Pick<Service, 'accounts' | 'store' | 'settings' | 'log'>;

/** The other targets to sweep. */
export interface Members {
  readonly targets: readonly Target[];
  readonly datapoints: readonly Datapoint[];
}

/**
 * The other accounts and regions to sweep. Units are asked for their accounts every time; where that fails, their
 * accounts are those of the last time.
 */
export async function findMembers(service: FindingMembers): Promise<Members> {
  const { settings, store } = service;
  const units = [...new Set(settings.members.flatMap(({ organizationalUnits }) => organizationalUnits))];
  const known = units.length === 0 ? {} : await knownUnits(service);
  const found: Record<string, readonly string[]> = {};
  const datapoints: Datapoint[] = [];
  for (const unit of units) {
    try {
      found[unit] = [...((await service.accounts?.accountsIn(unit)) ?? [])].sort();
    } catch (error) {
      if (!(error instanceof AccountDirectoryError)) throw error;
      const { reason, message } = error;
      service.log({ level: 'error', message: 'Cannot list accounts', details: { unit, error: message } });
      datapoints.push({ name: 'AccountListingsFailed', value: 1, dimensions: { Reason: reason } });
      found[unit] = known[unit] ?? [];
    }
  }
  if (!isSameUnits(found, known)) {
    await updateTarget(store, settings.target, (current) => ({ ...current, units: found }));
  }
  return { targets: memberTargets(settings.members, found, settings.target), datapoints };
}

const knownUnits = async ({
  store,
  settings,
}: Pick<Service, 'store' | 'settings'>): Promise<AccountsByUnit> =>
  (await store.readTarget(settings.target))?.units ?? {};

/** Whether the secrets of a target are watched: an account of a unit is from the sweep on that first found it there. */
export async function isWatchedTarget(
  { settings, store }: Pick<Service, 'settings' | 'store'>,
  target: Target,
): Promise<boolean> {
  const { members, target: home } = settings;
  const isAmong = (units: AccountsByUnit): boolean =>
    memberTargets(members, units, home).some((member) => isSameTarget(member, target));
  if (isSameTarget(target, home) || isAmong({})) return true;
  if (members.every(({ organizationalUnits }) => organizationalUnits.length === 0)) return false;
  return isAmong(await knownUnits({ store, settings }));
}

const isSameUnits = (a: AccountsByUnit, b: AccountsByUnit): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name]?.join() === b[name]?.join());
};
