import { type ControlFacts, days, type Judgement } from './control.ts';

/** Compares the oldest age of AWSCURRENT in the period with a limit that somebody has set. */
export function judgeOldestAge({ oldestAgeMs, figures }: ControlFacts, limitMs: number): Judgement {
  const evidence = [
    `Oldest AWSCURRENT in the period: ${oldestAgeMs === undefined ? 'unknown' : days(oldestAgeMs)}`,
    `Limit: ${days(limitMs)}`,
    `Rotations completed: ${figures.rotationsCompleted.value ?? 'unknown'}`,
  ];
  if (oldestAgeMs === undefined) {
    return { status: 'error', reason: 'The age of AWSCURRENT could not be read.', evidence };
  }
  return oldestAgeMs > limitMs
    ? { status: 'alarm', reason: `AWSCURRENT was in use for ${days(oldestAgeMs)}.`, evidence }
    : { status: 'ok', reason: 'AWSCURRENT never got older than the limit.', evidence };
}
