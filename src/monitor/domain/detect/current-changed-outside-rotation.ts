import { formatInstant } from '../../../calendar/instant.ts';
import type { Detector } from './detector.ts';

/**
 * Finds values in use that no rotation put there: a deployment that overwrites the value, a console edit, a move back.
 * The target is not changed with it, so that the credential in use may be dead until the next rotation.
 */
export const currentChangedOutsideRotation: Detector = {
  code: 'current-changed-outside-rotation',
  meaning: 'AWSCURRENT moved to another version outside a rotation.',
  remedy: 'Check that an application can log in; if it cannot, rotate.',
  severities: 'LOW, reported once; HIGH if it moved back to an earlier version',
  appliesTo: 'once AWSCURRENT is known to have moved without a rotation',
  requirement: 'Only rotation changes the value of a secret that rotates.',
  detect({ secret, current, policy }, now) {
    const move = current?.outside;
    if (move === undefined) return 'not-applicable';
    const isStillOff = move.whileOff === true && secret.rotationEnabled !== true;
    if (isStillOff || now - move.seenAt <= policy.failedGraceMs) return 'clear';
    const isBack = move.kind === 'moved-back';
    const who = move.by?.actor === undefined ? '' : ` by ${move.by.actor}`;
    const when = formatInstant(move.by?.at ?? move.seenAt);
    const isMoved = isBack && move.last !== 'replaced';
    const after = isBack ? ', after AWSCURRENT had been moved back' : '';
    return {
      code: 'current-changed-outside-rotation',
      severity: isBack ? 'HIGH' : 'LOW',
      since: move.by?.at ?? move.seenAt,
      pendingVersionId: undefined,
      what: isMoved
        ? `AWSCURRENT was moved back to version ${move.to}${who} at ${when}, outside a rotation.`
        : `The value in use was replaced by version ${move.to}${who} at ${when}, outside a rotation${after}.`,
    };
  },
};
