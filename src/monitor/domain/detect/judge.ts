import type { Instant } from '../../../calendar/instant.ts';
import type { Finding } from '../finding/finding.ts';
import { isReplica } from '../secret/secret.ts';
import type { Detector, Facts, Verdict } from './detector.ts';
import { DETECTORS } from './register.ts';

/** The verdict of one detector on a secret. */
interface DetectorVerdict {
  readonly detector: Detector;
  readonly verdict: Verdict;
}

/** Returns the verdict of every detector, in order of precedence. */
export const verdictsOf = (facts: Facts, now: Instant): readonly DetectorVerdict[] =>
  DETECTORS.map((detector) => ({
    detector,
    verdict: isJudged(facts) ? detector.detect(facts, now) : 'not-applicable',
  }));

/** All that is wrong with a secret, in order of precedence. */
export function judge(facts: Facts, now: Instant): readonly Finding[] {
  const findings: Finding[] = [];
  if (!isJudged(facts)) return findings;
  for (const { detect } of DETECTORS) {
    const verdict = detect(facts, now);
    if (verdict !== 'clear' && verdict !== 'not-applicable') findings.push(verdict);
  }
  return findings;
}

/** Nothing speaks for a secret that is scheduled for deletion or for a replica, whose primary speaks for it. */
const isJudged = ({ secret }: Facts): boolean => secret.deletedAt === undefined && !isReplica(secret);
