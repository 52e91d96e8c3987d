import { costOf, type PriceName } from '../../src/cli/cost/prices.ts';

/** One line of the monthly bill. */
export interface Line {
  readonly what: string;
  readonly price: PriceName;
  /** In the unit of the price, a month. */
  readonly quantity: number;
  readonly usd: number;
}

/** One line of a bill. */
export const line = (what: string, price: PriceName, quantity: number): Line => ({
  what,
  price,
  quantity,
  usd: costOf(price, quantity),
});
