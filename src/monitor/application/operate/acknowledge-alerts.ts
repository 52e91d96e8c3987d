import { type Acknowledgement, type Alert, isOpen } from '../../domain/alert/alert.ts';
import { accepted } from '../../domain/rotation/current-sight.ts';
import { asSecretArn } from '../../domain/secret/secret.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import { StoreError } from '../../ports/store/alert-store.ts';
import type { Service } from '../service.ts';

/** How often an acknowledgement starts again when somebody else wrote first. */
const MAX_ATTEMPTS = 6;

/** Somebody is at it: the open alerts of a secret neither repeat nor escalate until then. What waits for the escalation route is not sent any more. Answers those alerts. */
export async function acknowledgeAlerts(
  { store, catalog }: Pick<Service, 'store' | 'catalog'>,
  secretId: string,
  ack: Acknowledgement,
): Promise<readonly Alert[]> {
  const subject = asSecretArn(secretId) ?? (await catalog.describe(secretId))?.arn ?? secretId;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const state = await store.read(subject);
    const open = state?.alerts.filter(isOpen) ?? [];
    if (state === undefined || open.length === 0) return [];
    if ((await store.write(acknowledged(state, ack))) === 'written') return open;
  }
  throw new StoreError(`Cannot acknowledge the alerts of "${subject}": ${MAX_ATTEMPTS} writers came first`, {
    reason: 'server',
    retryable: true,
  });
}

const acknowledged = (state: SecretState, ack: Acknowledgement): SecretState => ({
  ...state,
  // Whoever says that a changed value is meant ends its alert; there is nothing to wait for, and nothing to tell.
  alerts: state.alerts
    .filter((alert) => !isOpen(alert) || alert.code !== 'current-changed-outside-rotation')
    .map((alert) => (isOpen(alert) ? { ...alert, ack } : alert)),
  current: state.current && accepted(state.current),
  outbox: state.outbox.filter(({ transition }) => transition !== 'escalated'),
});
