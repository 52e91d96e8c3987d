import type { Detector } from './detector.ts';
import { switchedOff } from './switched-off.ts';

/** Finds rotations that were seen to be switched off while their rules or function are still attached. */
export const rotationSilentlyDisabled: Detector = {
  code: 'rotation-silently-disabled',
  meaning: 'Rotation was seen to go off while its rules or function are still attached.',
  remedy: 'Find out who switched it off and why; rotating switches it on again.',
  severities: 'MEDIUM',
  requirement: 'Rotation that is configured stays switched on.',
  detect({ secret, evidence, policy }, now) {
    const attached = secret.rotationFunctionArn !== undefined || secret.rotationRules !== undefined;
    if (secret.rotationEnabled !== false || !attached) return 'not-applicable';
    const off = switchedOff(evidence);
    const settled = evidence.findLast(({ kind }) => kind === 'pending-vanished');
    // Whoever has just taken the label off a cancelled rotation rotates next.
    if (off === undefined || (settled && now - settled.at <= policy.splitGraceMs)) return 'clear';
    return {
      code: 'rotation-silently-disabled',
      severity: 'MEDIUM',
      since: off.at,
      pendingVersionId: undefined,
      what: `Rotation was switched off${off.actor === undefined ? '' : ` by ${off.actor}`} although its settings are still attached.`,
    };
  },
};
