import { HOUR, type Instant, later } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import { CURRENT, PENDING } from '../../../simulator/secrets-manager/store/version-stages.ts';
import type { Found } from './truth.ts';

/** A sweep may be the first to see the move, and a later one tells it. */
const SEEN_EVERY_MS = HOUR;

/**
 * The times in which the value in use was none that a rotation had put there: after the first rotation, and until the
 * next one, or until the value of the last one is back.
 */
export function outsideMoves(history: readonly StageChange[], graceMs: number): readonly Found[] {
  const made = new Set<string>();
  const used = new Set<string>();
  const found: Found[] = [];
  let current: string | undefined;
  let rotated: string | undefined;
  let since: Instant | undefined;
  const end = (until: Instant | undefined): void => {
    if (since !== undefined) found.push(told(since, graceMs, until));
    since = undefined;
  };
  for (const change of history) {
    const next = withLabel(change, CURRENT);
    if (next !== undefined && next !== current) {
      const isQuiet =
        current === undefined || change.lastRotatedAt === undefined || change.rotationEnabled !== true;
      if (isQuiet || next === rotated || (made.has(next) && !used.has(next))) {
        rotated = next;
        end(change.at);
      } else since ??= change.at;
      if (current !== undefined) used.add(current);
      current = next;
    }
    const pending = withLabel(change, PENDING);
    if (pending !== undefined) made.add(pending);
    if (change.deletedAt !== undefined) end(change.at);
  }
  end(undefined);
  return found;
}

const withLabel = ({ stages }: StageChange, label: string): string | undefined =>
  Object.keys(stages).find((versionId) => stages[versionId]?.includes(label));

const told = (since: Instant, graceMs: number, until: Instant | undefined): Found => ({
  versionId: undefined,
  since,
  tellableAt: later(since, graceMs),
  tellableWithoutEventsAt: later(since, graceMs),
  until,
  checkedEveryMs: SEEN_EVERY_MS,
});
