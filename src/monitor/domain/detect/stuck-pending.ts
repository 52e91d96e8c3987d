import { formatDuration } from '../../../calendar/instant.ts';
import { hasRotationSettings, isManagedRotation } from '../secret/secret.ts';
import type { Detector, Facts } from './detector.ts';
import { ageOf, failedWhere, isSplit } from './pending-record.ts';

/** Finds versions that stay AWSPENDING longer than a rotation can take, which blocks every further rotation. */
export const stuckPending: Detector = {
  code: 'stuck-pending',
  meaning:
    'A version that is not in use has carried AWSPENDING for longer than a rotation can take; further rotations are refused.',
  remedy:
    "Read the function's log, fix the cause, then finish the pending version or remove its label, as the failing step allows.",
  severities: 'HIGH; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  appliesTo: 'while another version than AWSCURRENT carries AWSPENDING on a secret that rotates or did',
  requirement: 'A pending version becomes AWSCURRENT within the threshold.',
  detect(facts, now) {
    const { pending, policy } = facts;
    if (pending === undefined || !hasRotation(facts)) return 'not-applicable';
    const ageMs = ageOf(pending, now);
    if (ageMs <= policy.stuckAfterMs) return 'clear';
    return {
      code: 'stuck-pending',
      severity: isSplit(facts) ? 'CRITICAL' : 'HIGH',
      since: pending.since,
      pendingVersionId: pending.versionId,
      what: `Version ${pending.versionId} has been AWSPENDING for ${formatDuration(ageMs)}${failing(facts)}: it blocks further rotations.`,
    };
  },
};

function failing(facts: Facts): string {
  const where = failedWhere(facts);
  if (where === undefined) return '';
  return where.startsWith('at ') ? `, failing ${where}` : `, ${where}`;
}

/** A version that somebody staged by hand on a secret without rotation is no stuck rotation. */
const hasRotation = ({ secret, evidence }: Facts): boolean =>
  secret.rotationEnabled !== undefined ||
  hasRotationSettings(secret) ||
  isManagedRotation(secret) ||
  evidence.some(({ kind }) => kind.startsWith('rotation-'));
