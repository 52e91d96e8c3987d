import { type ControlFacts, days, type Judgement } from './control.ts';

/** Compares the oldest age of AWSCURRENT in the period with a limit that somebody has set. */
export function judgeOldestAge(
  { oldestAgeMs, isOldestWhole, figures }: ControlFacts,
  limitMs: number,
): Judgement {
  const oldest = oldestAgeMs === undefined ? 'unknown' : days(oldestAgeMs);
  const evidence = [
    `Oldest AWSCURRENT in the period: ${isOldestWhole ? oldest : `${oldest}, as far as known`}`,
    `Limit: ${days(limitMs)}`,
    `Rotations completed: ${figures.rotationsCompleted.value ?? 'unknown'}`,
  ];
  if (oldestAgeMs === undefined) {
    return { status: 'error', reason: 'The age of AWSCURRENT could not be read.', evidence };
  }
  if (oldestAgeMs > limitMs) {
    return { status: 'alarm', reason: `AWSCURRENT was in use for ${days(oldestAgeMs)}.`, evidence };
  }
  return isOldestWhole
    ? { status: 'ok', reason: 'AWSCURRENT never got older than the limit.', evidence }
    : {
        status: 'info',
        reason: 'AWSCURRENT is young enough, but its age earlier in the period is unknown.',
        evidence,
      };
}
