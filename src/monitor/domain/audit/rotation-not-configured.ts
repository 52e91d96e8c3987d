import { describeSecret } from '../explain/commands.ts';
import { hasRotationSettings, isManagedRotation } from '../secret/secret.ts';
import type { AuditDetector } from './audit-finding.ts';

/** Finds secrets that nothing rotates. https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html */
export const rotationNotConfigured: AuditDetector = {
  code: 'rotation-not-configured',
  severity: 'LOW',
  meaning:
    'Nothing rotates the secret: it has neither a rotation function nor rules, and no service owns it.',
  remedy: 'Configure rotation, or document how and when its value is changed.',
  requirement: 'Every secret rotates.',
  risk: 'The credential is as old as its last manual change, and anyone who has seen it can still use it.',
  detect({ secret }) {
    if (secret.rotationEnabled === true || isManagedRotation(secret)) return 'clear';
    if (hasRotationSettings(secret)) return 'not-applicable';
    return { since: secret.createdAt, what: 'The secret has no rotation.' };
  },
  advise: ({ secret }) => [
    {
      text: 'Configure a rotation function and a schedule where it is provisioned, or document why it has none.',
      commands: [describeSecret(secret)],
    },
  ],
};
