import { SECOND } from '../../../calendar/instant.ts';
import type { Redacted } from '../../domain/redacted.ts';
import type { Delivery, PartsNotifier } from '../../ports/tell/notifier.ts';
import { type Webhook, WebhookError } from '../../ports/tell/webhook.ts';
import { type SlackBody, slackBody } from './blocks.ts';
import { deliveryOf } from './slack-answer.ts';

/** What posting to Slack needs. */
export interface SlackOptions {
  readonly webhook: Webhook;
  readonly fetch: typeof fetch;
  /** How long an answer may take; 10 s when left out. */
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
