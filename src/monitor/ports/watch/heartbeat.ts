import { PortError } from '../failure.ts';

/** Tells a watcher outside AWS that the monitor runs; it raises the alarm when that stays away. */
export interface Heartbeat {
  /** One sign of life; fails with a {@link HeartbeatError}. */
  beat(): Promise<void>;
}

/** The watcher did not take the sign of life. Never names the URL: its token would be in it. */
export class HeartbeatError extends PortError {
  override readonly name = 'HeartbeatError';
}
