import { SECOND } from '../../../calendar/instant.ts';
import type { Breach, Case } from './case.ts';

/** Transitions that were decided twice: an opening while it was open, an end that had no opening, a repeat too soon. */
export function repeatedOpenings({ secret, said }: Case): readonly Breach[] {
  const open = new Map<string, number>();
  return said.flatMap(({ notification: { fingerprint, transition, reason, at, code } }) => {
    const last = open.get(fingerprint);
    const fault = faultOf(reason === 'weekly-digest' ? reason : transition, last, at);
    if (transition === 'resolved') open.delete(fingerprint);
    else if (transition !== 'silenced') open.set(fingerprint, at);
    return fault === undefined
      ? []
      : [{ kind: 'duplicate', secret: secret.name, at, text: `${code}: ${fault}` }];
  });
}

function faultOf(transition: string, last: number | undefined, at: number): string | undefined {
  if (transition === 'opened') return last === undefined ? undefined : 'opened while it was open';
  if (transition === 'silenced') return undefined;
  if (last === undefined) return `${transition} before it was opened`;
  const tooSoon = transition === 'repeated' && at - last < 4 * 3600 * SECOND - SECOND;
  return tooSoon ? 'repeated too soon' : undefined;
}
