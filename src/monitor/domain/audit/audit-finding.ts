import type { Instant } from '../../../calendar/instant.ts';
import type { Advice } from '../finding/finding.ts';
import type { Secret } from '../secret/secret.ts';

/** What audits find and nobody is ever alerted to, in the order in which it is shown. */
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

/** How much it matters: nothing that audits find wakes anybody. */
type AuditSeverity = 'INFORMATIONAL' | 'LOW';

/** Something that an audit found about a secret. It is no finding of the monitor, so that no alert can come of it. */
export interface AuditFinding {
  readonly code: AuditCode;
  readonly severity: AuditSeverity;
  /** Since when, where a date tells it. */
  readonly since: Instant | undefined;
  /** One sentence: what was found. */
  readonly what: string;
  /** One sentence: what is at risk. */
  readonly risk: string;
  readonly advice: readonly Advice[];
}

/** What audits measure secrets by. Durations in milliseconds. */
export interface AuditLimits {
  /** The oldest a version in use may be. */
  readonly maxAgeMs: number;
  /** The longest time between two rotation windows. */
  readonly slowestScheduleMs: number;
  /** How long a secret may go without a request. */
  readonly unusedAfterMs: number;
}

/** All that an audit may draw on. */
export interface AuditFacts {
  readonly secret: Secret;
  /** When the version in use was made; undefined when nobody asked, because a rotation was late enough. */
  readonly currentMadeAt: Instant | undefined;
  readonly limits: AuditLimits;
}

/** When and what, in the words of one detector. */
type Audited = Pick<AuditFinding, 'since' | 'what'>;

/** One pure judgement; one file, named like its code. */
export interface AuditDetector {
  readonly code: AuditCode;
  readonly severity: AuditSeverity;
  /** What was found, in one sentence. */
  readonly meaning: string;
  /** What to do, in one sentence. */
  readonly remedy: string;
  /** The condition that audits ask for, in one sentence. */
  readonly requirement: string;
  readonly risk: string;
  /** Three-valued, as for alerts: what was not looked at is not taken for well. */
  detect(facts: AuditFacts, now: Instant): 'clear' | 'not-applicable' | Audited;
  advise(facts: AuditFacts): readonly Advice[];
}
