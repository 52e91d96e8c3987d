import type { Alert } from '../alert/alert.ts';
import type { Facts } from '../detect/detector.ts';
import { isStillLost } from '../detect/pending-abandoned.ts';

/** Whether an alert stays open although no finding holds it up: the look could not tell that it is over, or it is not. */
export function isUndecided({ code, pendingVersionId }: Alert, facts: Facts): boolean {
  if (facts.secret.deletedAt !== undefined) return false;
  switch (code) {
    case 'replication-failed':
      return facts.replicas !== undefined && facts.replicas.length > 0;
    case 'invalidation-unconfirmed':
      return facts.leases === undefined;
    default:
      // Another version that was given up may speak in place of an earlier one; that ends nothing.
      return isStillLost(pendingVersionId, facts);
  }
}
