import type { Redacted } from '../../domain/redacted.ts';
import type { FailureDetails } from '../../ports/failure.ts';
import { type Webhook, WebhookError } from '../../ports/tell/webhook.ts';
import { type Heartbeat, HeartbeatError } from '../../ports/watch/heartbeat.ts';

/** Fetch function and time limit of a heartbeat. */
export interface HeartbeatOptions {
  /** The runtime's, or a test's. */
  readonly fetch: typeof fetch;
  /** Longest time for the watcher's answer. */
  readonly timeoutMs: number;
}

/**
 * Reports by one GET, as healthchecks.io and similar services expect it, that the monitor runs. An address that was
 * refused is forgotten, so that one put in its place is found.
 */
export const httpHeartbeat = (address: Webhook, options: HeartbeatOptions): Heartbeat => ({
  async beat() {
    const status = await statusOf(await urlOf(address), options);
    if (status >= 200 && status < 300) return;
    const refusal = refusalOf(status);
    if (!refusal.retryable) address.forget();
    throw new HeartbeatError(`Cannot send the heartbeat: HTTP ${status}`, refusal);
  },
});

async function urlOf(address: Webhook): Promise<Redacted> {
  try {
    return await address.url();
  } catch (error) {
    if (error instanceof WebhookError) throw new HeartbeatError(error.message, error);
    throw error;
  }
}

/** The answer's status. The original error is dropped: undici's quote the URL, and its token with it. */
async function statusOf(url: Redacted, { fetch, timeoutMs }: HeartbeatOptions): Promise<number> {
  try {
    const response = await fetch(url.reveal(), { signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const why = timedOut ? `no answer within ${timeoutMs} ms` : 'no connection';
    throw new HeartbeatError(`Cannot send the heartbeat: ${why}`, {
      reason: timedOut ? 'timeout' : 'network',
      retryable: true,
    });
  }
}

function refusalOf(status: number): FailureDetails {
  if (status === 429) return { reason: 'throttled', retryable: true };
  if (status >= 500) return { reason: 'server', retryable: true };
  if (status === 404 || status === 410) return { reason: 'not-found', retryable: false };
  return { reason: status === 401 || status === 403 ? 'denied' : 'invalid', retryable: false };
}
