/**
 * Most runs of delivery in a row, each started by the one before for want of time or because another run is active.
 * Lambda would stop such a loop after about 16 rounds and is configured not to, so the rounds are counted here: 50 of a
 * minute clear the outboxes of some 500,000 secrets. The next sweep starts a new count.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const MAX_HOPS = 50;

/** Returns the text of a message that wakes the delivery. */
export const wakeText = (hop: number): string => (hop === 0 ? 'deliver' : `deliver ${hop}`);

/** Returns the number of runs in a row that have led to one, by the messages that woke it: of several the fewest. */
export function hopOf(texts: readonly string[]): number {
  const hops = texts.map((text) => {
    const [, hop = '0'] = /^deliver (\d{1,3})$/.exec(text) ?? [];
    return Number(hop);
  });
  return hops.length === 0 ? 0 : Math.min(...hops);
}
