import { HOUR, later, SECOND } from '../../src/calendar/instant.ts';
import type { Notification } from '../../src/monitor/domain/alert/notification.ts';
import type { ExplainedFinding } from '../../src/monitor/domain/finding/finding.ts';
import { NOW, PENDING } from './builders.ts';

/** A stuck pending version, explained. */
export const aFinding = (given: Partial<ExplainedFinding> = {}): ExplainedFinding => ({
  code: 'stuck-pending',
  severity: 'HIGH',
  since: later(NOW, -HOUR),
  pendingVersionId: PENDING,
  what: 'The rotation of "prod/orders/db" is stuck.',
  why: ['Version 2 carries AWSPENDING and version 1 carries AWSCURRENT.'],
  credentialInUse: 'good',
  blastRadius: 'Applications still log in with AWSCURRENT.',
  advice: [
    { text: 'Remove the label.', commands: ['aws secretsmanager update-secret-version-stage --help'] },
  ],
  ...given,
});

/** Something to say about {@link aFinding}. */
export function aNotification(given: Partial<Notification> = {}): Notification {
  const finding = given.finding ?? aFinding();
  const secretName = given.secretName ?? 'prod/orders/db';
  const secretArn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${secretName}-AbCdEf`;
  return {
    id: `${secretArn}@opened`,
    fingerprint: `${secretArn}#${PENDING}`,
    transition: 'opened',
    reason: 'first',
    at: NOW,
    notBefore: later(NOW, 30 * SECOND),
    baseline: false,
    secretArn,
    secretName,
    account: '111122223333',
    region: 'eu-west-1',
    rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate',
    owner: undefined,
    code: finding.code,
    severity: finding.severity,
    finding,
    silence: undefined,
    resolution: undefined,
    ...given,
  };
}
