import { DAY, HOUR, type Instant, SECOND } from '../../../calendar/instant.ts';
import type { Datapoint } from '../metric.ts';
import type { RotationEvent } from './rotation-event.ts';

/** The tags that the canary's functions write to it. */
export const CANARY_TAGS = {
  /** Time the tag was last written, which gives CloudTrail a call to report every hour. */
  tickedAt: 'canary:ticked-at',
  /** The version whose rotation has failed on purpose: its next attempt succeeds. */
  failedVersion: 'canary:failed-version',
} as const;

/** One of {@link CANARY_TAGS}. */
export type CanaryTag = (typeof CANARY_TAGS)[keyof typeof CANARY_TAGS];

const NOON: number = 12 * HOUR;

/** Whether a rotation of the canary fails once: before noon UTC, so that every day has rotations of both kinds. */
export const failsOnce = (at: Instant): boolean => at % DAY < NOON;

/**
 * Whether an event of the canary proves that the events of rotations would arrive; calls and labels come on ways of
 * their own.
 */
export const tellsOfRotation = ({ kind }: RotationEvent): boolean =>
  kind !== 'secret-changed' && kind !== 'label-moved';

/**
 * Returns the datapoints for an event of the canary. The native label event has none: Lambda itself counts the
 * invocations of the function that only such events feed.
 */
export function canarySighting(event: RotationEvent, now: Instant): readonly Datapoint[] {
  if (event.kind === 'label-moved') return [];
  return [
    {
      name: 'CanaryEventDelay',
      value: Math.max(0, now - event.at) / SECOND,
      dimensions: { Kind: tellsOfRotation(event) ? 'rotation' : 'call' },
    },
  ];
}
