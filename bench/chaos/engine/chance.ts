import { type Random, seededRandom } from '../../../src/simulator/call/random.ts';

/** Chance in the shapes that stories need. */
export interface Chance extends Random {
  /** True for a share of the asks, 0 to 1. */
  happens(share: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  /** Milliseconds until something that happens every `meanMs` on average, and at any time. */
  until(meanMs: number): number;
  /** One of several, none empty. */
  oneOf<T>(choices: readonly [T, ...T[]]): T;
  /** One of several by weight; undefined when there is none. */
  weighted<T extends { readonly weight: number }>(choices: readonly T[]): T | undefined;
}

/** A source of chance of its own, so that more of one kind of chance does not change another kind. */
export function chanceFrom(seed: number, stream: number): Chance {
  const random = seededRandom(seed * 1009 + stream);
  return {
    ...random,
    happens: (share) => random.next() < share,
    between: (least, most) => least + random.below(most - least + 1),
    until: (meanMs) => Math.ceil(-Math.log(1 - random.next()) * meanMs),
    oneOf: (choices) => choices[random.below(choices.length)] ?? choices[0],
    weighted: (choices) => {
      const drawn = random.next() * choices.reduce((sum, { weight }) => sum + weight, 0);
      let passed = 0;
      for (const choice of choices) {
        passed += choice.weight;
        if (drawn < passed) return choice;
      }
      return choices.at(-1);
    },
  };
}
