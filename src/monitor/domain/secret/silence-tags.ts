import { DAY, type Instant, later, parseInstant } from '../../../calendar/instant.ts';
import { TAG_PREFIX } from './policy.ts';

/** Longest silence that a tag may ask for, in milliseconds. */
export const LONGEST_SILENCE_MS: number = 90 * DAY;

/** Tag with the last day of a silence. */
const UNTIL = `${TAG_PREFIX}silence-until`;
/** Tag with its reason. */
const REASON = `${TAG_PREFIX}silence-reason`;

/** Tags that ask for a silence. */
export const SILENCE_TAGS: readonly string[] = [UNTIL, REASON];

/** Longest value of a tag, and what it may hold. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html */
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

/** A silence that somebody asks for. */
export interface WantedSilence {
  /** Last day, such as `2026-12-31`; it ends with that day, in UTC. */
  readonly until: string;
  readonly reason: string;
}

/** Returns the tags that ask for a silence, or the reason that there can be none. */
export function silenceTags(
  { until, reason }: WantedSilence,
  now: Instant,
): { readonly tags: Readonly<Record<string, string>> } | { readonly fault: string } {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(until) ? parseInstant(`${until}T00:00:00Z`) : undefined;
  if (day === undefined) return { fault: `"${until}" is not a day such as 2026-12-31` };
  if (later(day, DAY) <= now) return { fault: `${until} is over` };
  if (day - now > LONGEST_SILENCE_MS) return { fault: `${until} is more than 90 days away` };
  if (!VALUE.test(reason.trim()))
    return {
      fault: 'the reason is empty, longer than 256 characters, or has characters that a tag may not hold',
    };
  return { tags: { [UNTIL]: until, [REASON]: reason.trim() } };
}
