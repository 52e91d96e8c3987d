import type { SubscriptionCount, SubscriptionWatch } from '../../../ports/watch/subscription-watch.ts';

/** A topic in memory; `set` changes how many are subscribed to it. */
export interface MemorySubscriptionWatch extends SubscriptionWatch {
  set(count: SubscriptionCount): void;
}

/** Returns the counts it was given. */
export function memorySubscriptionWatch(initial: SubscriptionCount): MemorySubscriptionWatch {
  let now = initial;
  return {
    count: async () => now,
    set: (count) => {
      now = count;
    },
  };
}
