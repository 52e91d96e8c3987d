import { expect, test } from 'vitest';
import type {
  SubscriptionCount,
  SubscriptionWatch,
} from '../../src/monitor/ports/watch/subscription-watch.ts';

/** Tests what every subscription watch has to do; `open` gives one that watches a topic with so many subscriptions. */
export function subscriptionWatchContract(
  open: (subscribed: SubscriptionCount) => Promise<SubscriptionWatch>,
): void {
  test.each([
    { confirmed: 0, pending: 0 },
    { confirmed: 0, pending: 2 },
    { confirmed: 3, pending: 1 },
  ])('$confirmed confirmed and $pending pending subscriptions are counted apart', async (subscribed) => {
    expect(await (await open(subscribed)).count()).toEqual(subscribed);
  });
}
