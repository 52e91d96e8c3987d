import { later } from '../../../calendar/instant.ts';
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
    if (!isQuiet || severity === 'CRITICAL') return [];
    return [{ kind: 'told although silenced', secret: each.secret.name, at, text: `${transition} ${code}` }];
  });
