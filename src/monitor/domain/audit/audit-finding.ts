import type { Instant } from '../../../calendar/instant.ts';
import type { Advice } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';

/** Codes of the findings that only audits report and no alert does, in the order in which they are shown. */
export const AUDIT_CODES = [
  'rotation-not-configured',
  'rotation-switched-off',
  'schedule-too-slow',
  'max-age-exceeded',
  'unused',
  'deletion-scheduled',
  'pending-without-rotation',
] as const;
/** The closed list of what audits find. */
type AuditCode = (typeof AUDIT_CODES)[number];

/** Severity of an audit's finding, low enough to wake nobody. */
type AuditSeverity = 'INFORMATIONAL' | 'LOW';

/** Something that an audit found about a secret. It is no finding of the monitor, so it leads to no alert. */
export interface AuditFinding {
  readonly code: AuditCode;
  readonly severity: AuditSeverity;
  /** Start of the condition, where a date shows it. */
  readonly since: Instant | undefined;
  /** One sentence: what was found. */
  readonly what: string;
  /** One sentence: what is at risk. */
  readonly risk: string;
  readonly advice: readonly Advice[];
}

/** Limits that audits measure secrets by. Durations are in milliseconds. */
export interface AuditLimits {
  /** The oldest a version in use may be. */
  readonly maxAgeMs: number;
  /** The longest time between two rotation windows. */
  readonly slowestScheduleMs: number;
  /** Longest time a secret may go without a request. */
  readonly unusedAfterMs: number;
}

/** All that an audit may draw on. */
export interface AuditFacts {
  readonly secret: Secret;
  /** Creation time of the version in use; undefined when it was not read, because a rotation was recent enough. */
  readonly currentMadeAt: Instant | undefined;
  readonly limits: AuditLimits;
}

/** Time and text of one detector's finding. */
type Audited = Pick<AuditFinding, 'since' | 'what'>;

/** One pure judgement; one file, named like its code. */
export interface AuditDetector {
  readonly code: AuditCode;
  readonly severity: AuditSeverity;
  /** The condition, in one sentence. */
  readonly meaning: string;
  /** The remedy, in one sentence. */
  readonly remedy: string;
  /** The condition that audits ask for, in one sentence. */
  readonly requirement: string;
  readonly risk: string;
  /** Three-valued, as for alerts: what was not looked at is not taken for well. */
  detect(facts: AuditFacts, now: Instant): 'clear' | 'not-applicable' | Audited;
  advise(facts: AuditFacts): readonly Advice[];
}
