import { type Instant, later } from '../../../calendar/instant.ts';
import { isTelling } from '../told/said.ts';
import { alternates } from '../truth/limits.ts';
import { graveFailure } from '../truth/pending-lives.ts';
import { type Breach, type Case, decisionMs } from './case.ts';

/**
 * Returns the notifications about a secret that were decided, and were not CRITICAL, while its tags asked for silence.
 */
export const brokenSilence = (each: Case): readonly Breach[] =>
  each.said.filter(isTelling).flatMap(({ notification: { at, code, severity, transition, finding } }) => {
    const isQuiet = each.silences.some(
      ({ from, until }) => at > later(from, decisionMs(each, from)) && (until === undefined || at < until),
    );
    if (!isQuiet || severity === 'CRITICAL' || isLoweredByTag(each, at, finding.pendingVersionId)) return [];
    return [{ kind: 'told although silenced', secret: each.secret.name, at, text: `${transition} ${code}` }];
  });

/**
 * Whether only the tag about alternating users keeps what is wrong with a version from being CRITICAL: whoever may write
 * tags can keep nothing quiet that is.
 */
function isLoweredByTag(
  { secret: { secret }, lives }: Case,
  at: Instant,
  versionId: string | undefined,
): boolean {
  const failedAt = graveFailure(lives, versionId);
  return alternates(secret) && failedAt !== undefined && failedAt <= at;
}
