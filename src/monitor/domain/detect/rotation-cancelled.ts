import type { Detector } from './detector.ts';
import { isSplit } from './pending-record.ts';
import { by, deletedAndRestored, switchedOff } from './switched-off.ts';

/** Finds rotations that were cancelled half-way: rotation is off and AWSPENDING was left behind. */
export const rotationCancelled: Detector = {
  code: 'rotation-cancelled',
  meaning: 'Rotation was switched off halfway, and AWSPENDING was left on a version that is not in use.',
  remedy: 'Finish the pending version or remove its label, then rotate, which switches rotation on again.',
  severities: 'MEDIUM; CRITICAL when testSecret or finishSecret failed, unless users alternate',
  appliesTo: 'while another version than AWSCURRENT carries AWSPENDING',
  requirement: 'A secret whose rotation is switched off has no version pending.',
  detect(facts) {
    const { secret, pending } = facts;
    if (pending === undefined) return 'not-applicable';
    if (secret.rotationEnabled !== false) return 'clear';
    const { at = pending.since, actor, deletion } = switchedOff(facts) ?? {};
    const left = ` and left AWSPENDING on version ${pending.versionId}`;
    return {
      code: 'rotation-cancelled',
      severity: isSplit(facts) ? 'CRITICAL' : 'MEDIUM',
      since: at,
      pendingVersionId: pending.versionId,
      what:
        deletion === undefined
          ? `Rotation was cancelled${by(actor)}${left}.`
          : deletedAndRestored(deletion, left),
    };
  },
};
