import type { Delivery, DeliveryFailureReason } from '../../ports/tell/notifier.ts';

/** What a webhook answered. */
export interface SlackAnswer {
  readonly status: number;
  readonly body: string;
  /** The Retry-After header. */
  readonly retryAfter: string | null;
}

/**
 * What Slack says when it refuses, as plain text; none of it goes away by trying again.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
const REFUSALS: Readonly<Record<string, DeliveryFailureReason>> = {
  no_service: 'revoked',
  no_service_id: 'revoked',
  no_team: 'revoked',
  team_disabled: 'revoked',
  invalid_token: 'denied',
  action_prohibited: 'denied',
  posting_to_general_channel_denied: 'denied',
  channel_is_archived: 'no-channel',
  channel_not_found: 'no-channel',
};

/** Sorts an answer: only Slack's own `ok` counts as delivered, so that the page of a proxy does not. */
export function deliveryOf({ status, body, retryAfter }: SlackAnswer): Delivery {
  if (status === 429) {
    return {
      kind: 'failed',
      retryable: true,
      reason: 'throttled',
      retryAfterSeconds: secondsOf(retryAfter),
    };
  }
  if (status >= 500) return { kind: 'failed', retryable: true, reason: 'server' };
  const word = body.trim();
  if (status === 200 && word === 'ok') return { kind: 'delivered' };
  return { kind: 'failed', retryable: false, reason: refusal(status, word) };
}

function refusal(status: number, word: string): DeliveryFailureReason {
  const known = Object.hasOwn(REFUSALS, word) ? REFUSALS[word] : undefined;
  if (known !== undefined) return known;
  if (status === 401 || status === 403) return 'denied';
  return status === 404 || status === 410 ? 'revoked' : 'invalid';
}

/** Longest wait that is believed: an hour. */
const MAX_RETRY_AFTER_SECONDS = 3600;

/** Slack gives whole seconds. https://docs.slack.dev/apis/web-api/rate-limits */
function secondsOf(retryAfter: string | null): number | undefined {
  const text = retryAfter?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text), MAX_RETRY_AFTER_SECONDS) : undefined;
}
