import type { ConsumerLease } from '../../domain/secret/consumer-lease.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import type { LeaseStore } from '../../ports/store/lease-store.ts';

/** Leases in memory; `put` plays a consumer. */
export interface MemoryLeaseStore extends LeaseStore {
  put(arn: SecretArn, lease: ConsumerLease): void;
}

/** Keeps leases as long as the process lives, one of each consumer. */
export function memoryLeaseStore(): MemoryLeaseStore {
  const kept = new Map<SecretArn, Map<string, ConsumerLease>>();
  return {
    put(arn, lease) {
      const own = kept.get(arn) ?? new Map<string, ConsumerLease>();
      kept.set(arn, own.set(lease.consumer, lease));
    },
    leases: async (arn) => [...(kept.get(arn)?.values() ?? [])],
  };
}
