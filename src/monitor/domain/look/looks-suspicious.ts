import type { Instant } from '../../../calendar/instant.ts';
import { judge } from '../detect/judge.ts';
import type { ConsumerLease } from '../secret/consumer-lease.ts';
import { type PolicyDefaults, policyFor } from '../secret/policy.ts';
import { isReplica, type Secret } from '../secret/secret.ts';
import { pendingApart } from '../secret/version-stage.ts';

/** What the list alone is judged by. */
interface Sight {
  readonly leases: readonly ConsumerLease[] | undefined;
  readonly policyDefaults: PolicyDefaults;
  readonly now: Instant;
}

/** Whether a listed secret deserves a look of its own: a pending version apart from the current one, or a finding. */
export function looksSuspicious(secret: Secret, { leases, policyDefaults, now }: Sight): boolean {
  if (secret.deletedAt !== undefined || isReplica(secret)) return false;
  if (pendingApart(secret.versionStages) !== undefined) return true;
  const policy = policyFor(secret, policyDefaults);
  return (
    judge({ secret, pending: undefined, evidence: [], policy, leases, eventsArrive: false }, now).length > 0
  );
}
