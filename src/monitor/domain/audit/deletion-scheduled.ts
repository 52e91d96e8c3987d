import { formatInstant } from '../../../calendar/instant.ts';
import { lookUpCalls, restoreSecret } from '../explain/commands.ts';
import type { AuditDetector } from './audit-finding.ts';

/** Shows secrets that are scheduled for deletion: nothing else is said about them. */
export const deletionScheduled: AuditDetector = {
  code: 'deletion-scheduled',
  severity: 'INFORMATIONAL',
  meaning: 'The secret is scheduled for deletion and can be restored until then.',
  remedy: 'Restore it if something still needs it.',
  requirement: 'Only secrets that nobody needs are scheduled for deletion.',
  risk: 'It can no longer be read; once it is deleted, its value is lost.',
  detect: ({ secret: { deletedAt } }) =>
    deletedAt === undefined
      ? 'clear'
      : { since: deletedAt, what: `The secret was scheduled for deletion at ${formatInstant(deletedAt)}.` },
  advise: ({ secret }) => [
    { text: 'Find out who scheduled it, and why.', commands: [lookUpCalls(secret)] },
    { text: 'If something still needs it, restore it.', commands: [restoreSecret(secret)] },
  ],
};
