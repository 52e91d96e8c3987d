import type { Alert } from '../alert/alert.ts';
import type { Facts } from '../detect/detector.ts';
import { isStillLost } from '../detect/pending-abandoned.ts';
import { isHealed } from '../detect/pending-record.ts';

/** Whether an alert stays open although no finding holds it up: the look could not tell that it is over, or it is not. */
export function isUndecided(alert: Alert, facts: Facts): boolean {
  const { code, pendingVersionId } = alert;
  if (facts.secret.deletedAt !== undefined) return false;
  switch (code) {
    case 'replication-failed':
      return facts.replicas !== undefined && facts.replicas.length > 0;
    case 'invalidation-unconfirmed':
      return facts.leases === undefined;
    default:
      // Another version that was given up may speak in place of an earlier one; that ends nothing.
      return isStillLost(pendingVersionId, facts) || isStillInDanger(alert, facts);
  }
}

/** What people were told is CRITICAL ends by a success or with its version, never because a tag asks for more patience. */
const isStillInDanger = ({ toldSeverity, pendingVersionId }: Alert, facts: Facts): boolean =>
  toldSeverity === 'CRITICAL' &&
  pendingVersionId !== undefined &&
  facts.pending?.versionId === pendingVersionId &&
  !isHealed(facts);
