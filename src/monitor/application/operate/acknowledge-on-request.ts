import { DAY, formatInstant, later, parseDuration } from '../../../calendar/instant.ts';
import type { Service } from '../service.ts';
import { acknowledgeAlerts } from './acknowledge-alerts.ts';

/** What an operator sends to acknowledge the alerts of a secret. */
export interface AcknowledgeRequest {
  /** ARN or name. */
  readonly secretId: string;
  /** How long, such as `8h`; at most 7 days. */
  readonly for: string;
  /** Who, in their own words. */
  readonly by: string;
}

/** What was acknowledged. */
export interface AcknowledgeAnswer {
  /** Codes of the alerts. */
  readonly acknowledged: readonly string[];
  /** ISO 8601, UTC. */
  readonly until: string;
}

/** Nobody is at a problem for longer than this without saying so again. */
const LONGEST_MS: number = 7 * DAY;

/** What acknowledging needs of the service. */
export type AcknowledgingOnRequest = Pick<Service, 'store' | 'catalog' | 'clock'>;

/** Acknowledges the open alerts of a secret for a while; throws a RangeError that says what the request lacks. */
export async function acknowledgeOnRequest(
  service: AcknowledgingOnRequest,
  request: Partial<AcknowledgeRequest>,
): Promise<AcknowledgeAnswer> {
  const { secretId = '', by = '' } = request;
  const ms = parseDuration(request.for ?? '') ?? 0;
  if (secretId === '' || by === '' || ms <= 0 || ms > LONGEST_MS) {
    throw new RangeError(
      'Cannot acknowledge: expected { "secretId": a name or ARN, "for": a duration up to 7d such as "8h", "by": who }',
    );
  }
  const until = later(service.clock.now(), ms);
  const alerts = await acknowledgeAlerts(service, secretId, { until, by });
  return { acknowledged: alerts.map(({ code }) => code), until: formatInstant(until) };
}
