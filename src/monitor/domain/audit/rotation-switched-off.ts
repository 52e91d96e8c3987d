import { lookUpCalls, rotateSecret } from '../explain/commands.ts';
import { isSwitchedOff } from '../sweep/sweep-tally.ts';
import type { AuditDetector } from './audit-finding.ts';

/**
 * Finds rotations that are off with what they need still attached; the time they were switched off is stated only if it
 * was seen.
 */
export const rotationSwitchedOff: AuditDetector = {
  code: 'rotation-switched-off',
  severity: 'LOW',
  meaning: 'Rotation is off while its rules or its function are still attached.',
  remedy: 'Find out who switched it off and why; rotating switches it on again.',
  requirement: 'Rotation that is configured is switched on.',
  risk: 'The credential gets older although the secret looks as if it rotates.',
  detect({ secret }) {
    if (secret.rotationEnabled === undefined) return 'not-applicable';
    if (!isSwitchedOff(secret)) return 'clear';
    return { since: undefined, what: 'Rotation is off although its settings are still attached.' };
  },
  advise: ({ secret }) => [
    { text: 'Find out who switched rotation off and why.', commands: [lookUpCalls(secret)] },
    {
      text: 'If that was a mistake, rotate: this also switches rotation on again.',
      commands: [rotateSecret(secret)],
    },
  ],
};
