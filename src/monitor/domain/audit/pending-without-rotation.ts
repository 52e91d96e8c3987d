import { listVersions, removePending } from '../explain/commands.ts';
import { PROOF } from '../explain/prove-and-finish.ts';
import { rescueOf } from '../explain/rescue-label.ts';
import { hasRotationSettings, isManagedRotation } from '../secret/secret.ts';
import { pendingApart } from '../secret/version-stage.ts';
import type { AuditDetector } from './audit-finding.ts';

/** Finds AWSPENDING on secrets without rotation: somebody staged a version by hand and left it. */
export const pendingWithoutRotation: AuditDetector = {
  code: 'pending-without-rotation',
  severity: 'LOW',
  meaning: 'A version that is not in use carries AWSPENDING although the secret has no rotation.',
  remedy: 'Find out who staged it, then promote it or remove the label.',
  requirement: 'Only a rotation stages versions as AWSPENDING.',
  risk: 'Nothing fails now, but once rotation is switched on, it is refused until the label is removed.',
  detect({ secret }) {
    const hasRotation =
      secret.rotationEnabled !== undefined || hasRotationSettings(secret) || isManagedRotation(secret);
    if (hasRotation) return 'not-applicable';
    const versionId = pendingApart(secret.versionStages);
    if (versionId === undefined) return 'clear';
    return {
      since: undefined,
      what: `Version ${versionId} is AWSPENDING although nothing rotates the secret.`,
    };
  },
  advise: ({ secret }) => {
    const versionId = pendingApart(secret.versionStages) ?? '';
    const { label, put, remove } = rescueOf(secret, versionId);
    return [
      { text: 'Find out when it was staged and by whom.', commands: [listVersions(secret)] },
      {
        text: `If nobody needs it: first ${PROOF}. Only if it does, put the label ${label} on the version and remove AWSPENDING.`,
        commands: [...put, removePending(secret, versionId)],
      },
      { text: `Remove ${label} once nobody needs the version.`, commands: [remove] },
    ];
  },
};
