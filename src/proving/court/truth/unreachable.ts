import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import { stretches } from './pending-lives.ts';
import type { Condition } from './truth.ts';

/** What came of an attempt to list the secrets. */
export interface ListAnswer {
  readonly at: Instant;
  readonly ok: boolean;
}

/** A target may be out of reach this long before anybody is told. */
const PATIENCE_MS: number = 15 * MINUTE;

/** When the secrets of a target could not be listed: from the first attempt that failed to the next that did not. */
export const unreachable = (secret: string, lists: readonly ListAnswer[]): readonly Condition[] =>
  stretches(lists, ({ ok }) => !ok)
    .map(({ from, until }) => ({
      secret,
      code: 'target-unreachable' as const,
      versionId: undefined,
      since: from,
      tellableAt: later(from, PATIENCE_MS),
      tellableWithoutEventsAt: later(from, PATIENCE_MS),
      until,
      silences: [],
      graveAt: undefined,
    }))
    .filter(({ tellableAt, until }) => until === undefined || tellableAt < until);
