import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import { stretches } from './pending-lives.ts';
import type { Condition } from './truth.ts';

/** The outcome of a call of the monitor to Secrets Manager. */
export interface Answer {
  readonly at: Instant;
  readonly ok: boolean;
}

/** A target may be out of reach this long before it is reported. */
const PATIENCE_MS: number = 15 * MINUTE;

/**
 * Returns the times during which the secrets of a target could not be listed: from the first attempt that failed to the
 * next that did not.
 */
export const unreachable = (target: string, lists: readonly Answer[]): readonly Condition[] =>
  failing('target-unreachable', target, lists, PATIENCE_MS);

/** Returns the times during which a secret could not be looked at; a refusal may be reported at once. */
export const unverifiable = (secret: string, looks: readonly Answer[]): readonly Condition[] =>
  failing('unverifiable', secret, looks, 0);

const failing = (
  code: 'target-unreachable' | 'unverifiable',
  secret: string,
  answers: readonly Answer[],
  patienceMs: number,
): readonly Condition[] =>
  stretches(answers, ({ ok }) => !ok)
    .map(({ from, until }) => ({
      secret,
      code,
      versionId: undefined,
      since: from,
      tellableAt: later(from, patienceMs),
      tellableWithoutEventsAt: later(from, patienceMs),
      until,
      silences: [],
      graveAt: undefined,
    }))
    .filter(({ tellableAt, until }) => until === undefined || tellableAt < until);
