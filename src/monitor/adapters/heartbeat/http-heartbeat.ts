import type { Redacted } from '../../domain/redacted.ts';
import type { FailureDetails } from '../../ports/failure.ts';
import { type Heartbeat, HeartbeatError } from '../../ports/watch/heartbeat.ts';

/** How a heartbeat goes out. */
export interface HeartbeatOptions {
  /** The runtime's, or a test's. */
  readonly fetch: typeof fetch;
  /** How long the watcher may take to answer. */
  readonly timeoutMs: number;
}

/** Tells by one GET, as healthchecks.io and its like expect it, that the monitor runs. */
export const httpHeartbeat = (url: Redacted, options: HeartbeatOptions): Heartbeat => ({
  async beat() {
    const status = await statusOf(url, options);
    if (status >= 200 && status < 300) return;
    throw new HeartbeatError(`Cannot send the heartbeat: HTTP ${status}`, refusalOf(status));
  },
});

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
