/**
 * The findings that scenarios can expect and the court knows, in the words and the order of precedence of the monitor;
 * their truth is decided here, by rules of our own.
 */
export const FINDING_NAMES = [
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

/** The name of a finding. */
export type FindingName = (typeof FINDING_NAMES)[number];

/** Severities, mildest first. */
export const SEVERITY_NAMES = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;

/** The name of a severity. */
export type SeverityName = (typeof SEVERITY_NAMES)[number];

/** True when a severity is at least as grave as another; an unknown one never is. */
export const reaches = (severity: string, least: SeverityName): boolean =>
  ORDER.indexOf(severity) >= ORDER.indexOf(least);

const ORDER: readonly string[] = SEVERITY_NAMES;

/** The milder of two severities. */
export const milder = (a: SeverityName, b: SeverityName): SeverityName => (reaches(a, b) ? b : a);
