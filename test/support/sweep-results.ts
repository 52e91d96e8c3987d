import { HOUR, later } from '../../src/calendar/instant.ts';
import type { SecretFinding, SweepResult } from '../../src/cli/sweep/sweep-result.ts';
import type { AuditedSecret } from '../../src/monitor/application/audit/audit-secrets.ts';
import { CURRENT, NOW, PENDING } from './builders.ts';

/** A sweep's finding about a secret that has been stuck for two hours. */
export const aFinding = (given: Partial<SecretFinding> = {}): SecretFinding => ({
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf',
  secretName: 'prod/db',
  code: 'stuck-pending',
  severity: 'HIGH',
  isUnconfirmed: false,
  since: later(NOW, -2 * HOUR),
  pendingVersionId: PENDING,
  what: `Version ${PENDING} has been AWSPENDING for 2 h: it blocks further rotations.`,
  why: [`AWSCURRENT is on version ${CURRENT} and AWSPENDING on version ${PENDING}.`],
  credentialInUse: 'may-be-dead',
  blastRadius: 'Applications may fail to log in.',
  advice: [
    { text: 'Read the log.', commands: ['aws logs tail /aws/lambda/rotate'] },
    { text: 'Then rotate.', commands: [] },
  ],
  ...given,
});

/** An audit's finding about a secret. */
export const anAuditFinding = (given: Partial<AuditedSecret> = {}): AuditedSecret => ({
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf',
  secretName: 'prod/db',
  code: 'unused',
  severity: 'LOW',
  since: later(NOW, -2 * HOUR),
  what: 'Nobody has requested the secret since 2026-05-01.',
  risk: 'It can be stolen.',
  advice: [{ text: 'Ask around.', commands: [] }],
  ...given,
});

/** A sweep of 12 secrets that found nothing. */
export const aResult = (given: Partial<SweepResult> = {}): SweepResult => ({
  account: '111122223333',
  region: 'eu-west-1',
  at: NOW,
  observed: 12,
  suspects: 0,
  inProgress: 0,
  findings: [],
  unverifiable: [],
  replicas: 0,
  apiCalls: 1,
  ...given,
});
