import type { Instant } from '../../../calendar/instant.ts';
import { previousUse, stillPrevious } from '../rotation/previous-version.ts';
import { replicaSights } from '../secret/replica-sight.ts';
import type { SecretState } from '../state/secret-state.ts';
import type { Look } from './look.ts';

/** What no list shows, as a look tells it or as it is remembered. */
export function dailySight(
  known: Pick<SecretState, 'replicas' | 'previousUse'>,
  look: Extract<Look, { kind: 'confirmed' | 'listed' }>,
  now: Instant,
): Pick<SecretState, 'replicas' | 'previousUse'> {
  const { secret } = look;
  const requests = look.kind === 'confirmed' ? look.requests : undefined;
  return {
    replicas: replicaSights(known.replicas, secret, now),
    previousUse:
      requests === undefined ? stillPrevious(known.previousUse, secret) : previousUse(secret, requests),
  };
}
