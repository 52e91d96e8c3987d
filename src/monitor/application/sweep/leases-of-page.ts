import { type Instant, SECOND } from '../../../calendar/instant.ts';
import { isOpen } from '../../domain/alert/alert.ts';
import type { Datapoint } from '../../domain/metric.ts';
import {
  awaitsConfirmation,
  type ConsumerLease,
  confirmations,
  isCountedBy,
} from '../../domain/secret/consumer-lease.ts';
import { policyFor } from '../../domain/secret/policy.ts';
import type { Secret, SecretArn } from '../../domain/secret/secret.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';

/** The leases of the secrets that need them. */
export interface PageLeases {
  readonly leases: ReadonlyMap<SecretArn, readonly ConsumerLease[]>;
  /** Counts over the consumers of secrets whose time to confirm is over, made by one sweep. */
  readonly datapoints: readonly Datapoint[];
  /** The errors that kept the leases of single secrets from being read. */
  readonly errors: readonly unknown[];
}

/** The known states and the times for reading leases. */
interface ReadingLeases {
  readonly known: ReadonlyMap<string, SecretState>;
  readonly now: Instant;
  /** Start of the sweep before, if there was one, and start of this one. */
  readonly between: { readonly since: Instant | undefined; readonly startedAt: Instant };
}

/** Secrets whose leases are read in parallel. */
const SECRETS_AT_ONCE = 4;

/** Reads the leases of the secrets that rotated lately, or about whose consumers an alert is open: one query each. */
export async function leasesOfPage(
  { leaseStore, settings }: Pick<Service, 'leaseStore' | 'settings'>,
  page: readonly Secret[],
  { known, now, between }: ReadingLeases,
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
  const counted = wanted.filter((secret) =>
    isCountedBy(secret, policyFor(secret, policyDefaults).confirmAfterMs, between),
  );
  const datapoints = counted.flatMap((secret) => counts(leases.get(secret.arn) ?? [], secret, now));
  return { leases, datapoints, errors };
}

function counts(leases: readonly ConsumerLease[], secret: Secret, now: Instant): readonly Datapoint[] {
  const counted = confirmations(leases, secret, now);
  if (counted === undefined) return [];
  const { confirmed, lastMs } = counted;
  return [
    { name: 'InvalidationsConfirmed', value: confirmed },
    { name: 'PropagationTime', value: lastMs / SECOND },
  ];
}

const isTold = (state: SecretState | undefined): boolean =>
  state?.alerts.some((alert) => isOpen(alert) && alert.code === 'invalidation-unconfirmed') ?? false;
