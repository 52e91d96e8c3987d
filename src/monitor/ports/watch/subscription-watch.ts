import { PortError } from '../failure.ts';

/** The subscriptions of the alert topic. */
export interface SubscriptionCount {
  readonly confirmed: number;
  /** Asked for and not confirmed yet; they get nothing. */
  readonly pending: number;
}

/** Counts the subscriptions to the alerts; fails with a {@link SubscriptionWatchError}. */
export interface SubscriptionWatch {
  count(): Promise<SubscriptionCount>;
}

/** The subscriptions could not be counted. */
export class SubscriptionWatchError extends PortError {
  override readonly name = 'SubscriptionWatchError';
}
