import { type Alert, isOpen } from '../alert/alert.ts';
import type { SecretState } from './secret-state.ts';

/**
 * Whether two states say the same, so that nothing need be written; when and how they were confirmed does not count.
 */
export function tellsTheSame(a: SecretState, b: SecretState): boolean {
  return memory(a) === memory(b);
}

function memory(state: SecretState): string {
  const { pending, evidence, progress, current, offSince, offSettledAt, trouble, absences, replicas } = state;
  const unsaid = state.outbox.map(({ id }) => id);
  const seen = [pending, evidence, progress, current, offSince, offSettledAt, trouble, absences, replicas];
  return JSON.stringify([seen, state.previousUse, state.valueDate, state.unread, state.alerts, unsaid]);
}

/** Whether people would learn nothing new by going from `a` to `b`. */
export const saysNothingNew = (a: SecretState, b: SecretState): boolean =>
  a.outbox.length === b.outbox.length && openCodes(a.alerts) === openCodes(b.alerts);

const openCodes = (alerts: readonly Alert[]): string =>
  alerts
    .filter(isOpen)
    .map(({ fingerprint, code, severity }) => `${fingerprint} ${code} ${severity}`)
    .join('\n');
