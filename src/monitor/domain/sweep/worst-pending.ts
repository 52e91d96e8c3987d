import type { Datapoint } from '../metric.ts';

/** Age of a secret's pending version. */
export interface PendingAge {
  readonly secretName: string;
  readonly seconds: number;
}

/** Most secrets that can have a series of their own: each is a custom metric that is paid for. */
export const MAX_WORST_SECRETS = 20;

/** Adds one, oldest first, and drops what is not among the worst. */
export const withPendingAge = (worst: readonly PendingAge[], added: PendingAge): readonly PendingAge[] =>
  [...worst, added].sort((a, b) => b.seconds - a.seconds).slice(0, MAX_WORST_SECRETS);

/** The first so many as metrics. */
export const worstDatapoints = (worst: readonly PendingAge[], count: number): readonly Datapoint[] =>
  worst.slice(0, count).map(({ secretName, seconds }) => ({
    name: 'PendingAge',
    value: seconds,
    dimensions: { SecretName: secretName },
  }));
