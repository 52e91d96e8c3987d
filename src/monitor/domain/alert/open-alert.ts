import type { Instant } from '../../../calendar/instant.ts';
import { type FindingCode, type LogPlace, rankOf, type Severity } from '../finding/finding.ts';
import type { Target } from '../secret/secret.ts';
import type { Fingerprint } from './alert.ts';

/** An alert that is open, explained as things stand now. */
export interface OpenAlert extends Target {
  readonly fingerprint: Fingerprint;
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Secret ARN, or the subject of a target. */
  readonly subject: string;
  readonly name: string;
  /** Start of the condition. */
  readonly since: Instant;
  /** One sentence: what is wrong. */
  readonly what: string;
  /** One sentence about what is at risk; undefined where a look would be needed that was not made. */
  readonly risk: string | undefined;
  /** The first thing to do. */
  readonly doNow: string;
  /** Log of its function; undefined where nothing logs or no look was made. */
  readonly logs: LogPlace | undefined;
  /** The first command of the advice; undefined where there is nothing to type. */
  readonly command: string | undefined;
}

/** Gravest first, and of the same severity the oldest. */
export const byGravity = (
  a: Pick<OpenAlert, 'severity' | 'since'>,
  b: Pick<OpenAlert, 'severity' | 'since'>,
): number => rankOf(b.severity) - rankOf(a.severity) || a.since - b.since;
