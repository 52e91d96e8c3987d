import { SECOND } from '../../../calendar/instant.ts';
import type { Redacted } from '../../domain/redacted.ts';
import type { Delivery, DeliveryFailureReason, PartsNotifier } from '../../ports/tell/notifier.ts';
import { type Webhook, WebhookError } from '../../ports/tell/webhook.ts';
import { type SlackBody, slackBody } from './blocks.ts';

/** Webhook, fetch function and time limit of a Slack notifier. */
export interface SlackOptions {
  readonly webhook: Webhook;
  readonly fetch: typeof fetch;
  /** Longest time for an answer, in milliseconds; 10 s when left out. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS: number = 10 * SECOND;

/**
 * Posts to Slack through an incoming webhook, each message once: whoever calls waits and tries again. An address that
 * was refused is forgotten, so that one put in its place is found. Nothing of the address is in what comes back.
 */
export const slackNotifier = ({ webhook, fetch, timeoutMs = TIMEOUT_MS }: SlackOptions): PartsNotifier => ({
  async deliver({ chat }) {
    const url = await addressOf(webhook);
    if ('kind' in url) return url;
    const delivery = await post({ url, body: slackBody(chat), fetch, timeoutMs });
    if (delivery.kind === 'failed' && !delivery.retryable) webhook.forget();
    return delivery;
  },
});

async function addressOf(webhook: Webhook): Promise<Redacted | Delivery> {
  try {
    return await webhook.url();
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    return { kind: 'failed', reason: error.reason, retryable: error.retryable };
  }
}

interface Posting {
  readonly url: Redacted;
  readonly body: SlackBody;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

/** A redirect is not followed: it would carry the message to a host that nobody chose. */
async function post({ url, body, fetch, timeoutMs }: Posting): Promise<Delivery> {
  try {
    const response = await fetch(url.reveal(), {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { status, headers } = response;
    return deliveryOf({ status, body: await response.text(), retryAfter: headers.get('retry-after') });
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { kind: 'failed', retryable: true, reason: isLate ? 'timeout' : 'network' };
  }
}

/** The answer of a webhook. */
interface SlackAnswer {
  readonly status: number;
  readonly body: string;
  /** The Retry-After header. */
  readonly retryAfter: string | null;
}

/**
 * Slack's refusals, as plain text; none of them is cured by trying again.
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
function deliveryOf({ status, body, retryAfter }: SlackAnswer): Delivery {
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
