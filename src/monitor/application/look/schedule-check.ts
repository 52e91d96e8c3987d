import { type Instant, later, MINUTE, SECOND } from '../../../calendar/instant.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import { DeadlineSchedulerError } from '../../ports/sweep/deadline-scheduler.ts';
import type { Service } from '../service.ts';

/** Parts of the service that have secrets checked later. */
export type Scheduling = Pick<Service, 'clock' | 'deadlines' | 'metrics' | 'log'>;

/** Two machines' clocks may differ this much: a check that came too early would see nothing. */
const CLOCK_SKEW_MS: number = SECOND;

/** Returns the time at which the check of a deadline is scheduled. */
const checkedAt = (deadline: Instant): Instant => later(deadline, CLOCK_SKEW_MS);

/** Has a secret checked at its deadline. What fails is counted and left to the sweeps. */
export async function scheduleCheck(
  service: Scheduling,
  secretArn: SecretArn,
  deadline: Instant,
): Promise<void> {
  try {
    await service.deadlines?.schedule({ secretArn, at: checkedAt(deadline) });
  } catch (error) {
    if (!(error instanceof DeadlineSchedulerError)) throw error;
    const { message, reason } = error;
    service.log({
      level: 'warn',
      message: 'Cannot schedule a check',
      details: { secretArn, error: message },
    });
    await service.metrics.record(
      [{ name: 'DeadlineSchedulesFailed', value: 1, dimensions: { Reason: reason } }],
      service.clock.now(),
    );
  }
}

/** Checks of one deadline are made within a minute after it, and take some seconds. */
const SPREAD_MS: number = MINUTE + 10 * SECOND;

/**
 * Returns how long the findings of a check at a deadline wait for others of their group: as long as usual, but counted
 * from the deadline, and until all checks of that deadline have been made.
 */
export const waitAfter = (deadline: Instant, usualMs: number, now: Instant): number =>
  Math.max(0, deadline + Math.max(usualMs, SPREAD_MS) - now);

/** The circumstances of a finding. */
interface Waiting {
  /** The deadline that the check was scheduled for; undefined for any other check. */
  readonly deadline: Instant | undefined;
  readonly usualMs: number;
  readonly now: Instant;
}

/**
 * Returns how long a finding waits after some deadlines have passed: as {@link waitAfter} says for a scheduled check, as
 * long as usual for any other, but no longer than the findings of the check of any of these deadlines.
 */
export function waitAmong(passed: readonly Instant[], { deadline, usualMs, now }: Waiting): number {
  const own = deadline === undefined ? usualMs : waitAfter(deadline, usualMs, now);
  const countedMs = deadline === undefined ? 0 : usualMs;
  const others = passed.map((at) => waitAfter(checkedAt(at), countedMs, now)).filter((ms) => ms > 0);
  return Math.min(own, ...others);
}
