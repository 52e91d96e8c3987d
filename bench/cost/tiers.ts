/** A part of the usage and its price; the last one has no end. */
export interface Tier {
  /** So many units are in it. */
  readonly units: number;
  /** USD for each of them. */
  readonly usd: number;
}

const rest = Number.POSITIVE_INFINITY;

/** Custom metrics of a month. https://aws.amazon.com/cloudwatch/pricing/ */
export const METRIC_TIERS: readonly Tier[] = [
  { units: 10_000, usd: 0.3 },
  { units: 240_000, usd: 0.1 },
  { units: 750_000, usd: 0.05 },
  { units: rest, usd: 0.02 },
];

/**
 * Evaluations of Config rules, and checks of Security Hub, which have the same tiers.
 * https://aws.amazon.com/config/pricing/ https://aws.amazon.com/security-hub/cspm/pricing/
 */
export const CHECK_TIERS: readonly Tier[] = [
  { units: 100_000, usd: 0.001 },
  { units: 400_000, usd: 0.0008 },
  { units: rest, usd: 0.0005 },
];

/** Returns the cost of a number of units when each tier is filled before the next one is begun. */
export function tieredCost(tiers: readonly Tier[], quantity: number): number {
  let left = quantity;
  let usd = 0;
  for (const tier of tiers) {
    const here = Math.min(left, tier.units);
    usd += here * tier.usd;
    left -= here;
  }
  return usd;
}
