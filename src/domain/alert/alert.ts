import type { Finding, FindingCode, Severity } from '../finding.ts';
import type { Instant } from '../instant.ts';

/** What makes two findings the same alert: `<subject>#<pending version id>` or `<subject>#<code>`. */
export type Fingerprint = string;

/** One problem that people are told about, from its opening to its resolution. */
export interface Alert {
  readonly fingerprint: Fingerprint;
  /** As of the last judgement; may change while the alert is open. */
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly pendingVersionId: string | undefined;
  /** When the condition began, as the first judgement knew it. */
  readonly since: Instant;
  readonly openedAt: Instant;
  /** The gravest severity that was handed to the outbox; undefined while a graver finding inhibits this one. */
  readonly toldSeverity: Severity | undefined;
  /** The code it was last told under; the resolution goes by the name people heard. */
  readonly toldCode: FindingCode | undefined;
  readonly lastToldAt: Instant | undefined;
  readonly resolvedAt: Instant | undefined;
}

/** Names the alert a finding belongs to: all findings about one pending version are one alert. */
export const fingerprintOf = (
  subject: string,
  finding: Pick<Finding, 'code' | 'pendingVersionId'>,
): Fingerprint => `${subject}#${finding.pendingVersionId ?? finding.code}`;

/** Whether the alert still holds. */
export const isOpen = ({ resolvedAt }: Alert): boolean => resolvedAt === undefined;
