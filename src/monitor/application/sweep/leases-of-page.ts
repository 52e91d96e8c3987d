import type { Instant } from '../../../calendar/instant.ts';
import { isOpen } from '../../domain/alert/alert.ts';
import { awaitsConfirmation, type ConsumerLease } from '../../domain/secret/consumer-lease.ts';
import { policyFor } from '../../domain/secret/policy.ts';
import type { Secret, SecretArn } from '../../domain/secret/secret.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';

/** The leases of the secrets that need them. */
export interface PageLeases {
  readonly leases: ReadonlyMap<SecretArn, readonly ConsumerLease[]>;
  /** Why those of single secrets could not be read. */
  readonly errors: readonly unknown[];
}

/** Secrets whose leases are read side by side. */
const SECRETS_AT_ONCE = 4;

/** Reads the leases of the secrets that rotated lately, or about whose consumers an alert is open: one query each. */
export async function leasesOfPage(
  { leaseStore, settings }: Pick<Service, 'leaseStore' | 'settings'>,
  page: readonly Secret[],
  { known, now }: { readonly known: ReadonlyMap<string, SecretState>; readonly now: Instant },
): Promise<PageLeases> {
  const { policyDefaults, sweepIntervalMs } = settings;
  const leases = new Map<SecretArn, readonly ConsumerLease[]>();
  const wanted = page.filter(
    (secret) =>
      isTold(known.get(secret.arn)) ||
      awaitsConfirmation(secret, policyFor(secret, policyDefaults).confirmAfterMs, { now, sweepIntervalMs }),
  );
  const errors = await forEachLimited(wanted, SECRETS_AT_ONCE, async ({ arn }) => {
    leases.set(arn, await leaseStore.leases(arn));
  });
  return { leases, errors };
}

const isTold = (state: SecretState | undefined): boolean =>
  state?.alerts.some((alert) => isOpen(alert) && alert.code === 'invalidation-unconfirmed') ?? false;
