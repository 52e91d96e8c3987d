import { type Instant, instant, SECOND } from '../../../calendar/instant.ts';
import type { DeadlineScheduler, DueCheck } from '../../ports/sweep/deadline-scheduler.ts';

/** Remembers what it was asked for. */
export interface MemoryDeadlineScheduler extends DeadlineScheduler {
  /** The checks to make, each once, in the order in which they were asked for. */
  readonly checks: readonly DueCheck[];
}

/** A scheduler that checks nothing: whoever asks looks at `checks`. */
export function memoryDeadlineScheduler(): MemoryDeadlineScheduler {
  const checks: DueCheck[] = [];
  return {
    checks,
    schedule: async ({ secretArn, at }) => {
      const due = wholeSecond(at);
      if (!checks.some((known) => known.secretArn === secretArn && known.at === due))
        checks.push({ secretArn, at: due });
    },
  };
}

const wholeSecond = (at: Instant): Instant => instant(Math.ceil(at / SECOND) * SECOND);
