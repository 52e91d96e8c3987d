import type { Instant } from '../../../calendar/instant.ts';
import type { Finding } from '../finding/finding.ts';
import { isReplica } from '../secret/secret.ts';
import type { Facts } from './detector.ts';
import { DETECTORS } from './register.ts';

/**
 * All that is wrong with a secret, in order of precedence. Nothing speaks for a secret that is scheduled for deletion
 * or for a replica, whose primary speaks for it.
 */
export function judge(facts: Facts, now: Instant): readonly Finding[] {
  if (facts.secret.deletedAt !== undefined || isReplica(facts.secret)) return [];
  return DETECTORS.map((detector) => detector.detect(facts, now)).filter(
    (verdict) => verdict !== 'clear' && verdict !== 'not-applicable',
  );
}
