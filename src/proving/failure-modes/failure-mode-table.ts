import { FAILING_STEPS } from './failing-steps.ts';
import type { FailureMode } from './failure-mode.ts';
import { OTHER_FAILURES } from './other-failures.ts';

/**
 * Every failure mode of the catalogue by its number, then the cases that must never be reported (N); a test plays each.
 */
export const FAILURE_MODES: Readonly<Record<string, FailureMode>> = { ...FAILING_STEPS, ...OTHER_FAILURES };
