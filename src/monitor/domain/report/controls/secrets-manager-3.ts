import { formatInstant } from '../../../../calendar/instant.ts';
import { hasReplicas } from '../../secret/secret.ts';
import { type ControlJudge, days } from './control.ts';

/** Somebody uses the secret. https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html */
export const secretsManager3: ControlJudge = {
  id: 'SecretsManager.3',
  judge({ secret, figures: { lastAccessedAt }, parameters: { unusedAfterMs }, at }) {
    const last = lastAccessedAt.value;
    const evidence = [
      `Last request: ${last === undefined ? 'never' : formatInstant(last).slice(0, 10)}`,
      `Limit: ${days(unusedAfterMs)}`,
    ];
    const from = last ?? secret.createdAt;
    if (from === undefined)
      return { status: 'error', reason: 'Its creation date could not be read.', evidence };
    if (last !== undefined && last >= at) {
      const reason = 'Somebody has requested it since the end of the period; AWS keeps no earlier request.';
      return { status: 'ok', reason, evidence };
    }
    if (at - from <= unusedAfterMs)
      return { status: 'ok', reason: 'The secret is in use, or new.', evidence };
    if (hasReplicas(secret) && secret.replicas === undefined) {
      return { status: 'error', reason: 'The last requests for its replicas could not be read.', evidence };
    }
    return { status: 'alarm', reason: `Nobody has requested it for ${days(at - from)}.`, evidence };
  },
};
