import type { Instant } from '../../../calendar/instant.ts';
import { FINDING_CODES, type Finding, type FindingCode, type Severity } from '../finding/finding.ts';
import type { Strategy } from '../secret/policy.ts';

/**
 * Identity of an alert, shared by the findings that belong to it: `<subject>#<pending version id>` or
 * `<subject>#<code>`.
 */
export type Fingerprint = string;

/** One problem that people are alerted to, from its opening to its resolution. */
export interface Alert {
  readonly fingerprint: Fingerprint;
  /** Code of the last judgement; may change while the alert is open. */
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly pendingVersionId: string | undefined;
  /** Start of the condition, as known to the first judgement. */
  readonly since: Instant;
  readonly openedAt: Instant;
  /** The gravest severity that was handed to the outbox; undefined while a graver finding inhibits this one. */
  readonly toldSeverity: Severity | undefined;
  /** The code it was last reported under; the resolution uses the same name. */
  readonly toldCode: FindingCode | undefined;
  /** The group it was last reported in; the resolution goes there too. */
  readonly toldWith?: Company | undefined;
  readonly lastToldAt: Instant | undefined;
  /** Number of repeats since it was last reported as new. */
  readonly repeats: number;
  /** Time it was sent to the escalation route. */
  readonly escalatedAt: Instant | undefined;
  /** An operator's word that somebody is at it; no repeat and no escalation until then. */
  readonly ack: Acknowledgement | undefined;
  /** End of the silence that was announced instead of the alert. */
  readonly silencedUntil: Instant | undefined;
  /** Time it was announced. */
  readonly silencedAt?: Instant | undefined;
  /** Strategy of the target's users by the tag, as last announced; at first by the first look. */
  readonly strategy?: Strategy | undefined;
  /** Time it was announced that the tag had changed. */
  readonly strategyToldAt?: Instant | undefined;
  /** Number of returns within the hour after its resolution. */
  readonly flaps: number;
  /** Time from which the condition is clear, while the alert is held open because it flaps. */
  readonly clearSince: Instant | undefined;
  readonly resolvedAt: Instant | undefined;
}

/** The rotation function and the owner that alerts in one message share. */
export interface Company {
  readonly rotationFunctionArn: string | undefined;
  readonly owner: string | undefined;
}

/** An operator's word that somebody is at it. */
export interface Acknowledgement {
  readonly until: Instant;
  /** Name of the operator, in their own words. */
  readonly by: string;
  /** Reason, in their own words; undefined where they gave none. */
  readonly reason?: string | undefined;
}

/** An alert as it is before anything was reported. */
export const newAlert = (
  given: Pick<Alert, 'fingerprint' | 'code' | 'severity' | 'pendingVersionId' | 'since' | 'openedAt'>,
): Alert => ({
  ...given,
  toldSeverity: undefined,
  toldCode: undefined,
  lastToldAt: undefined,
  repeats: 0,
  escalatedAt: undefined,
  ack: undefined,
  silencedUntil: undefined,
  flaps: 0,
  clearSince: undefined,
  resolvedAt: undefined,
});

/** Names the alert a finding belongs to: all findings about one pending version are one alert. */
export const fingerprintOf = (
  subject: string,
  finding: Pick<Finding, 'code' | 'pendingVersionId'>,
): Fingerprint => `${subject}#${keyOf(finding)}`;

/** A version id is any token of 32 characters or more, which one of the codes is, too. */
const keyOf = ({ code, pendingVersionId }: Pick<Finding, 'code' | 'pendingVersionId'>): string =>
  CODES.has(pendingVersionId ?? '') ? `version ${pendingVersionId}` : (pendingVersionId ?? code);

const CODES: ReadonlySet<string> = new Set(FINDING_CODES);

/** Whether the alert still holds. */
export const isOpen = ({ resolvedAt }: Alert): boolean => resolvedAt === undefined;
