import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';

/** Called with the progress of a long sweep, page by page. */
export type OnPage = (progress: { readonly observed: number; readonly suspects: number }) => void;

/** One invocation that sweeps. */
export interface SweepRun {
  /** Identifies this sweep; an invocation that is repeated has the same. */
  readonly id: string;
  /** Time to hand over the rest; undefined where time does not run out. */
  readonly handOverAt: Instant | undefined;
  readonly onPage: OnPage;
  /** Whether the report says what was found about each suspect: somebody reads it, and a crowd has room. */
  readonly reportsFindings: boolean;
}

/** Time for the remaining work of the last page: its suspects, missed events and daily checks. */
const MARGIN_MS: number = 2 * MINUTE;

/**
 * Returns the time at which an invocation with `remainingMs` left hands over. Of the 15 minutes that Lambda gives at
 * most, 13 are for work.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const handOverAt = (now: Instant, remainingMs: number): Instant =>
  later(now, Math.max(0, remainingMs - MARGIN_MS));

/**
 * Most times that a sweep may be handed over. Lambda stops what looks like a loop, a function that its own messages
 * have invoked about 16 times, so a sweep ends before that. 13 invocations of 13 minutes are 169 minutes: the 5,000
 * pages of 500,000 secrets may take two seconds each, ten times as long as usual.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const MAX_HOPS = 12;

/** Longest wait of a handed-over sweep for its next invocation; then another may begin. */
export const HAND_OVER_WAIT_MS: number = 15 * MINUTE;
