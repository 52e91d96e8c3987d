import type { Instant } from '../../../calendar/instant.ts';
import { isReplica } from '../secret/secret.ts';
import type { AuditDetector, AuditFacts, AuditFinding } from './audit-finding.ts';
import { deletionScheduled } from './deletion-scheduled.ts';
import { maxAgeExceeded } from './max-age-exceeded.ts';
import { pendingWithoutRotation } from './pending-without-rotation.ts';
import { rotationNotConfigured } from './rotation-not-configured.ts';
import { rotationSwitchedOff } from './rotation-switched-off.ts';
import { scheduleTooSlow } from './schedule-too-slow.ts';
import { unused } from './unused.ts';

/** Everything that audits look for, in the order in which it is shown. */
export const AUDIT_DETECTORS: readonly AuditDetector[] = [
  rotationNotConfigured,
  rotationSwitchedOff,
  scheduleTooSlow,
  maxAgeExceeded,
  unused,
  deletionScheduled,
  pendingWithoutRotation,
];

/**
 * All that an audit finds about a secret. Of a secret that is scheduled for deletion it says only that, and nothing of
 * a replica, whose primary is audited where it is.
 */
export function judgeAudit(facts: AuditFacts, now: Instant): readonly AuditFinding[] {
  const { secret } = facts;
  if (isReplica(secret)) return [];
  const detectors = secret.deletedAt === undefined ? AUDIT_DETECTORS : [deletionScheduled];
  return detectors.flatMap((detector) => {
    const verdict = detector.detect(facts, now);
    if (verdict === 'clear' || verdict === 'not-applicable') return [];
    const { code, severity, risk } = detector;
    return [{ code, severity, risk, ...verdict, advice: detector.advise(facts) }];
  });
}
