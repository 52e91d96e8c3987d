import type { Instant } from '../../../calendar/instant.ts';
import { isReplica } from '../secret/secret.ts';
import type { AuditFacts, AuditFinding } from './audit-finding.ts';
import { deletionScheduled } from './deletion-scheduled.ts';
import { AUDIT_DETECTORS } from './register.ts';

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
