import type { Detector } from './detector.ts';
import { by, deletedAndRestored, offSince, type SwitchedOff, switchedOff } from './switched-off.ts';

/**
 * Finds rotations that were seen to be switched off while their rules or function are still attached. A deployment that
 * replaces the configuration switches it off and on again: it has as long as a failed rotation has to heal.
 */
export const rotationSilentlyDisabled: Detector = {
  code: 'rotation-silently-disabled',
  meaning: 'Rotation was switched off while its rules or function are still attached.',
  remedy: 'Find out who switched it off and why; rotating switches it on again.',
  severities: 'MEDIUM',
  appliesTo: 'while rotation is off with a function or rules still attached',
  requirement: 'Rotation that is configured stays switched on.',
  detect(facts, now) {
    const { secret, evidence, policy } = facts;
    const attached = secret.rotationFunctionArn !== undefined || secret.rotationRules !== undefined;
    if (secret.rotationEnabled !== false || !attached) return 'not-applicable';
    const off = switchedOff(facts);
    if (off === undefined || now - offSince(off, secret) <= policy.failedGraceMs) return 'clear';
    const settled = evidence.findLast(({ kind }) => kind === 'pending-vanished');
    // Whoever has just removed the label of a cancelled rotation rotates next.
    if (settled && now - settled.at <= policy.splitGraceMs) return 'clear';
    return {
      code: 'rotation-silently-disabled',
      severity: 'MEDIUM',
      since: off.at,
      pendingVersionId: undefined,
      what: off.deletion === undefined ? switched(off) : deletedAndRestored(off.deletion),
    };
  },
};

const switched = ({ actor }: SwitchedOff): string =>
  `Rotation was switched off${by(actor)} although its settings are still attached.`;
