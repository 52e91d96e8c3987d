import { DAY, formatInstant, type Instant, later, parseDuration } from '../../../calendar/instant.ts';
import { type Acknowledgement, type Alert, isOpen } from '../../domain/alert/alert.ts';
import { unsaidEnd } from '../../domain/alert/say.ts';
import { accepted } from '../../domain/rotation/current-sight.ts';
import { asSecretArn } from '../../domain/secret/secret.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import type { AcknowledgeAnswer, AcknowledgeRequest } from '../../ports/tell/acknowledger.ts';
import type { Service } from '../service.ts';

/** Nobody is at a problem for longer than this without saying so again. */
const LONGEST_MS: number = 7 * DAY;

/** Parts of the service that acknowledge alerts. */
export type AcknowledgingOnRequest = Pick<Service, 'store' | 'catalog' | 'clock'>;

/** Longest reason, as long as the value of a tag. */
const LONGEST_REASON = 256;

/** Most secrets of one request; a message names no more. */
const MOST_SECRETS = 200;

/** Acknowledges the open alerts of secrets for a while; throws a RangeError that says what the request lacks. */
export async function acknowledgeOnRequest(
  service: AcknowledgingOnRequest,
  request: Partial<AcknowledgeRequest>,
): Promise<AcknowledgeAnswer> {
  const { by = '', reason, end } = request;
  const ids = [request.secretId ?? ''].flat();
  const ms = end === true ? 0 : (parseDuration(request.for ?? '') ?? 0);
  const isNamed = ids.length > 0 && ids.length <= MOST_SECRETS && ids.every((id) => id !== '');
  const isTimed = end === true || (ms > 0 && ms <= LONGEST_MS);
  if (!isNamed || by === '' || !isTimed || (reason ?? '').length > LONGEST_REASON) {
    throw new RangeError(
      'Cannot acknowledge: expected { "secretId": a name or ARN or a list of them, "for": a duration up to 7d such as "8h", "by": who, "reason": at most 256 characters }, or { "secretId", "by", "end": true }',
    );
  }
  const until = later(service.clock.now(), ms);
  const alerts: Alert[] = [];
  const ack = end === true ? undefined : { until, by, ...(reason === undefined ? {} : { reason }) };
  for (const id of ids) alerts.push(...(await acknowledgeAlerts(service, id, ack)));
  return { acknowledged: alerts.map(({ code }) => code), until: formatInstant(until) };
}

/** Attempts of one acknowledgement, which starts again when another run wrote first. */
const MAX_ATTEMPTS = 6;

/**
 * Somebody is at it: the open alerts of a secret neither repeat nor escalate until then. What waits for the escalation
 * route is not sent any longer. Answers those alerts.
 */
export async function acknowledgeAlerts(
  { store, catalog, clock }: AcknowledgingOnRequest,
  secretId: string,
  ack: Acknowledgement | undefined,
): Promise<readonly Alert[]> {
  const subject = asSecretArn(secretId) ?? (await catalog.describe(secretId))?.arn ?? secretId;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const state = await store.read(subject);
    const open = state?.alerts.filter(isOpen) ?? [];
    if (state === undefined || open.length === 0) return [];
    const after = ack === undefined ? ended(state) : acknowledged(state, ack, clock.now());
    if ((await store.write(after)) === 'written') return open;
  }
  throw new StoreError(`Cannot acknowledge the alerts of "${subject}": ${MAX_ATTEMPTS} writers came first`, {
    reason: 'server',
    retryable: true,
  });
}

/** Whether an acknowledgement ends the alert: a changed value that is meant leaves nothing to wait for or to report. */
const isMeant = (alert: Alert): boolean => isOpen(alert) && alert.code === 'current-changed-outside-rotation';

const acknowledged = (state: SecretState, ack: Acknowledgement, now: Instant): SecretState => ({
  ...state,
  alerts: state.alerts
    .filter((alert) => !isMeant(alert))
    .map((alert) => (isOpen(alert) ? { ...alert, ack } : alert)),
  current: state.current && state.alerts.some(isMeant) ? accepted(state.current) : state.current,
  outbox: [
    ...state.outbox.filter(({ transition }) => transition !== 'escalated'),
    ...state.alerts.filter(isMeant).flatMap((alert) => unsaidEnd(alert, state, now) ?? []),
  ],
});

/** Ends an acknowledgement: what is open repeats and escalates again. */
const ended = (state: SecretState): SecretState => ({
  ...state,
  alerts: state.alerts.map((alert) => (isOpen(alert) ? { ...alert, ack: undefined } : alert)),
});
