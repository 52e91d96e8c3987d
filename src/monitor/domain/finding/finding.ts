import type { Instant } from '../../../calendar/instant.ts';
import type { RotationStep } from '../rotation/rotation-event.ts';
import type { Change } from './change.ts';

/** Severities in Security Hub's words, mildest first. */
export const SEVERITIES = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
/** The weight of a finding. */
export type Severity = (typeof SEVERITIES)[number];

/** A severity as a number that grows with its gravity. Nothing else compares severities. */
export const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** Whether `severity` is at least as grave as `level`. */
export const atLeast = (severity: Severity, level: Severity): boolean => rankOf(severity) >= rankOf(level);

/** The graver of two severities. */
export const graver = (a: Severity, b: Severity): Severity => (rankOf(b) > rankOf(a) ? b : a);

/** Everything the monitor can find, in order of precedence: the first that holds speaks for the secret. */
export const FINDING_CODES = [
  'target-unreachable',
  'rotation-cancelled',
  'pending-abandoned',
  'rotation-will-not-heal',
  'rotation-retries-exhausted',
  'stuck-pending',
  'rotation-failed',
  'current-changed-outside-rotation',
  'no-current-version',
  'rotation-overdue',
  'rotation-silently-disabled',
  'replication-failed',
  'test-rotation-failed',
  'invalidation-unconfirmed',
  'previous-version-in-use',
  'unverifiable',
] as const;
/** The closed list of findings. */
export type FindingCode = (typeof FINDING_CODES)[number];

/** The result of a detector. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Start of the condition, as well as it is known. */
  readonly since: Instant;
  /** The pending version the finding is about; all findings about one pending version are one alert. */
  readonly pendingVersionId: string | undefined;
  /** One sentence: what is wrong. */
  readonly what: string;
}

/** Whether applications can still log in with what AWSCURRENT holds. */
export type CredentialInUse = 'good' | 'broken' | 'may-be-dead' | 'unknown';

/** One thing to do, with the commands that do it. */
export interface Advice {
  readonly text: string;
  /** Complete AWS CLI lines, ready to paste; empty where there is nothing to type. */
  readonly commands: readonly string[];
}

/** A log group in CloudWatch Logs, and the time from which to read it. */
export interface LogPlace {
  /** Name of the log group. */
  readonly group: string;
  readonly since: Instant;
}

/** The grounds of a finding, its risk and the advice. */
export interface Explanation {
  /** Facts: stages, dates, events, ids; one sentence each. */
  readonly why: readonly string[];
  readonly credentialInUse: CredentialInUse;
  /** One sentence about what is at risk. */
  readonly blastRadius: string;
  readonly advice: readonly Advice[];
  /** The rotation step that failed at last, where it is known. */
  readonly failingStep?: RotationStep | undefined;
  /** Log of the rotation function, with the time from which to read; undefined where nothing logs. */
  readonly logs?: LogPlace | undefined;
  /** Changes in the day before it began, in order of time; undefined when they could not be read. */
  readonly changes?: readonly Change[] | undefined;
  /**
   * Time from which all changes were read, or that only events reported them; undefined when the whole day before was
   * read.
   */
  readonly changesSeenFrom?: Instant | 'events' | undefined;
  /** Time up to which all changes were recorded already; undefined when that is later than the beginning. */
  readonly changesSeenUntil?: Instant | undefined;
  /** Resources with changes that could not be looked up, in words; undefined when there are none. */
  readonly changesUnsought?: readonly string[] | undefined;
}

/** A finding that explains itself. */
export interface ExplainedFinding extends Finding, Explanation {
  /** The severity without the tag that says that users alternate; undefined where it is the same. */
  readonly severityUntagged?: Severity;
}
