import {
  type MemorySecretCatalog,
  memorySecretCatalog,
} from '../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import type { MemberGroup } from '../../src/monitor/domain/secret/member-group.ts';
import type { Target } from '../../src/monitor/domain/secret/secret.ts';
import { CatalogError, type SecretCatalog } from '../../src/monitor/ports/look/secret-catalog.ts';
import { aService, type MemoryService } from './service.ts';

/** A service that watches members, each with a catalog in memory. */
export interface FleetService extends MemoryService {
  /** The catalog of a member. */
  catalogOf(target: Target): MemorySecretCatalog;
  /** Lets a member be out of reach, or within it again. */
  setReachable(target: Target, isReachable: boolean): void;
}

const keyOf = ({ account, region }: Target): string => `${account} ${region}`;

/** A service in memory that watches the groups besides its home target. */
export function aFleet(members: readonly MemberGroup[]): FleetService {
  const service = aService();
  const catalogs = new Map<string, MemorySecretCatalog>();
  const unreachable = new Set<string>();
  const catalogOf = (target: Target): MemorySecretCatalog => {
    const catalog = catalogs.get(keyOf(target)) ?? memorySecretCatalog();
    catalogs.set(keyOf(target), catalog);
    return catalog;
  };
  return {
    ...service,
    catalogOf,
    setReachable: (target, isReachable) => {
      if (isReachable) unreachable.delete(keyOf(target));
      else unreachable.add(keyOf(target));
    },
    accessTo: (target) => ({
      catalog: unreachable.has(keyOf(target)) ? deniedCatalog : catalogOf(target),
      inspector: undefined,
      history: undefined,
    }),
    settings: { ...service.settings, members },
  };
}

const denied = (): CatalogError =>
  new CatalogError('Cannot assume the role: denied', { reason: 'denied', retryable: false });

const deniedCatalog: SecretCatalog = {
  // biome-ignore lint/correctness/useYield: the first page already fails
  async *list() {
    throw denied();
  },
  describe: () => Promise.reject(denied()),
  listed: () => Promise.reject(denied()),
  versions: () => Promise.reject(denied()),
};
