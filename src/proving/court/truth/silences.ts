import { DAY, type Instant, instant, later, parseInstant } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import type { Stretch } from './pending-lives.ts';

/** A tag may keep a secret quiet for so many days after the present one. */
const LONGEST_DAYS = 90;

/**
 * Returns the times during which the tags of a secret kept it quiet: until the end of the day they name, in UTC, and
 * only with a reason.
 */
export function silencesOf(history: readonly StageChange[]): readonly Stretch[] {
  const found: Stretch[] = [];
  let tags: StageChange['tags'] | undefined;
  history.forEach((change, index) => {
    if (change.tags === tags) return;
    tags = change.tags;
    const until = silencedUntil(change);
    if (until === undefined) return;
    const next = history.slice(index + 1).find((other) => other.tags !== change.tags);
    const from = instant(Math.max(change.at, until - (LONGEST_DAYS + 1) * DAY));
    const end = instant(Math.min(until, next?.at ?? until));
    if (from < end) found.push({ from, until: end });
  });
  return found;
}

function silencedUntil({ tags }: StageChange): Instant | undefined {
  const value = (key: string): string =>
    tags.find(({ Key }) => Key === `rotation-monitor:${key}`)?.Value?.trim() ?? '';
  const day = parseInstant(`${value('silence-until')}T00:00:00Z`);
  return day === undefined || value('silence-reason') === '' ? undefined : later(day, DAY);
}
