import { HeartbeatError } from '../../ports/watch/heartbeat.ts';
import type { Service } from '../service.ts';

/** Tells the watcher outside AWS, where there is one, that a sweep is complete. A watcher that is not there stops nothing. */
export async function sendHeartbeat({
  heartbeat,
  metrics,
  clock,
  log,
}: Pick<Service, 'heartbeat' | 'metrics' | 'clock' | 'log'>): Promise<void> {
  try {
    await heartbeat?.beat();
  } catch (error) {
    if (!(error instanceof HeartbeatError)) throw error;
    const { reason, message } = error;
    log({ level: 'warn', message, details: { reason } });
    await metrics.record(
      [{ name: 'HeartbeatsFailed', value: 1, dimensions: { Reason: reason } }],
      clock.now(),
    );
  }
}
