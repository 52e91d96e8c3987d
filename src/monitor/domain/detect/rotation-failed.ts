import { formatInstant } from '../../../calendar/instant.ts';
import type { Detector, Facts } from './detector.ts';
import {
  failedWhere,
  failingSince,
  isHealed,
  isSplit,
  pendingProgress,
  splitSince,
} from './pending-record.ts';

/** Finds failed rotations that did not heal by themselves within the grace. */
export const rotationFailed: Detector = {
  code: 'rotation-failed',
  meaning: 'A rotation failed and no retry has succeeded.',
  remedy:
    "Read the function's log and fix the cause; Secrets Manager tries again while the rotation window is open.",
  severities: 'MEDIUM; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  appliesTo: 'once the rotation to the pending version is known to have failed',
  requirement: 'A failed rotation succeeds on a retry within the grace period.',
  detect(facts, now) {
    const { pending, policy } = facts;
    const { firstFailedAt, lastFailedAt } = pendingProgress(facts) ?? {};
    const failingAt = failingSince(facts);
    if (pending === undefined || failingAt === undefined || lastFailedAt === undefined) {
      return 'not-applicable';
    }
    if (isHealed(facts)) return 'clear';
    const splitAt = splitSince(facts);
    const late = now - failingAt > policy.failedGraceMs;
    if (!late && (splitAt === undefined || now - splitAt <= policy.splitGraceMs)) return 'clear';
    return {
      code: 'rotation-failed',
      severity: isSplit(facts) ? 'CRITICAL' : 'MEDIUM',
      since: firstFailedAt ?? failingAt,
      pendingVersionId: pending.versionId,
      what: `The rotation to version ${pending.versionId} failed${outcome(facts, formatInstant(lastFailedAt))}.`,
    };
  },
};

function outcome(facts: Facts, when: string): string {
  const where = failedWhere(facts);
  if (where === undefined) return ` at ${when} and has not recovered`;
  return where.startsWith('at ')
    ? ` ${where} at ${when} and has not recovered`
    : ` at ${when} and has not recovered: it ${where}`;
}
