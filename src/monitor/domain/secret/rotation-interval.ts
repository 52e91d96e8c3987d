import { instant } from '../../../calendar/instant.ts';
import { parseRotationSchedule, type RotationSchedule } from '../../../calendar/rotation-schedule.ts';
import type { RotationRules, Secret } from './secret.ts';

/** Weekdays fall on the same dates again after 28 years, or 40 across a century that is no leap year. */
const CYCLE_YEARS = 41;
/** A schedule of six windows a day passes every season in as many. */
const MOST_WINDOWS = 4000;
/** A fixed beginning, so that a schedule has one longest gap and not another one every day. */
const BEGINNING = instant(Date.UTC(2026, 0, 1));
const END = Date.UTC(2026 + CYCLE_YEARS, 0, 1);
/** Fleets have few schedules, and sweeps ask of each secret. */
const MOST_KNOWN = 1000;

const known = new Map<string, number | undefined>();

/**
 * The longest time between two rotation windows over the whole cycle of a schedule, in milliseconds: a window on the
 * first of each quarter comes after up to 92 days, whatever the next one says. Undefined without a readable schedule.
 */
export const rotationIntervalMs = ({ rotationRules }: Pick<Secret, 'rotationRules'>): number | undefined =>
  intervalOf(rotationRules);

/** The same of the rules alone. */
export function intervalOf(rotationRules: RotationRules | undefined): number | undefined {
  if (rotationRules === undefined) return undefined;
  const key = JSON.stringify(rotationRules);
  if (!known.has(key)) {
    if (known.size >= MOST_KNOWN) known.clear();
    const schedule = parseRotationSchedule(rotationRules);
    known.set(key, 'fault' in schedule ? undefined : longestGap(schedule));
  }
  return known.get(key);
}

function longestGap({ kind, next }: RotationSchedule): number {
  let { opensAt } = next(BEGINNING);
  let longest = 0;
  for (let window = 0; window < MOST_WINDOWS && opensAt < END; window++) {
    const following = next(opensAt).opensAt;
    longest = Math.max(longest, following - opensAt);
    opensAt = following;
    if (kind !== 'cron') break;
  }
  return longest;
}
