/** A count as people read it: "12,000". Most are small, and formatting takes a hundred times as long as writing them. */
export const amount = (count: number): string =>
  Number.isInteger(count) && Math.abs(count) < 1000 ? String(count) : count.toLocaleString('en-US');

/**
 * A count with the noun that agrees with it: "1 secret", "12,000 secrets".
 *
 * @param many - The plural where it is not the noun with an s.
 */
export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${amount(count)} ${count === 1 ? noun : many}`;
