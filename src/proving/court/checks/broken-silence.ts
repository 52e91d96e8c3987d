import { type Instant, later } from '../../../calendar/instant.ts';
import { isTelling } from '../told/said.ts';
import { type Breach, type Case, decisionMs } from './case.ts';

/**
 * Returns the notifications about a secret that were decided, and were not CRITICAL, while its tags asked for silence.
 */
export const brokenSilence = (each: Case): readonly Breach[] =>
  each.said.filter(isTelling).flatMap(({ notification: { at, code, severity, transition } }) => {
    const isQuiet = each.silences.some(
      ({ from, until }) => at > later(from, decisionMs(each, from)) && (until === undefined || at < until),
    );
    if (!isQuiet || severity === 'CRITICAL' || isLoweredByTag(each, at)) return [];
    return [{ kind: 'told although silenced', secret: each.secret.name, at, text: `${transition} ${code}` }];
  });

/**
 * Whether only the tag about alternating users keeps what is wrong from being CRITICAL: whoever may write tags can keep
 * nothing quiet that is.
 */
const isLoweredByTag = ({ secret: { secret }, lives }: Case, at: Instant): boolean =>
  secret.tags?.['rotation-monitor:strategy'] === 'alternating-users' &&
  lives.some(({ failures }) =>
    failures.some(
      (failure) => failure.at <= at && (failure.step === 'testSecret' || failure.step === 'finishSecret'),
    ),
  );
