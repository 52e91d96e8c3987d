import { PortError } from '../failure.ts';

/** Reports to a watcher outside AWS that the monitor runs; the watcher raises the alarm when the reports stop. */
export interface Heartbeat {
  /** One sign of life; fails with a {@link HeartbeatError}. */
  beat(): Promise<void>;
}

/** The watcher did not take the sign of life. Never names the URL: its token would be in it. */
export class HeartbeatError extends PortError {
  override readonly name = 'HeartbeatError';
}
