import { type Instant, SECOND } from '../../../calendar/instant.ts';
import type { ExplainedFinding, FindingCode, Severity } from '../finding/finding.ts';
import type { Target } from '../secret/secret.ts';
import type { Company, Fingerprint } from './alert.ts';

/** Everything that can happen to an alert. */
export const TRANSITIONS = ['opened', 'rose', 'repeated', 'escalated', 'silenced', 'resolved'] as const;
/** The change of an alert that a notification reports. */
export type Transition = (typeof TRANSITIONS)[number];

/** The name that summaries of audits have where alerts have the code of a finding. */
export const AUDIT_SUMMARY = 'audit-summary';

/** The reason for a notification; becomes part of the message and of the run output. */
export type Reason =
  | 'first'
  | 'severity-rose'
  | 'repeat-interval'
  | 'weekly-digest'
  | 'unacknowledged'
  | 'strategy-changed'
  | 'silenced'
  | 'resolved';

/** A silence set by tag. */
export interface Silence {
  readonly until: Instant;
  readonly reason: string;
}

/** The end of an alert. */
interface Resolution {
  readonly openedAt: Instant;
  /** One sentence: what ended it. */
  readonly endedBy: string;
  /** Whether the escalation route had received it. */
  readonly escalated: boolean;
}

/** Age at which a stored notification is certain to be in the index that a delivery run reads. */
export const SHOWN_AFTER_MS: number = 2 * SECOND;

/** One thing that has to be said, complete in itself so that delivery needs no further look. */
export interface Notification extends Target {
  readonly id: string;
  readonly fingerprint: Fingerprint;
  readonly transition: Transition;
  readonly reason: Reason;
  /** Time of the decision. */
  readonly at: Instant;
  /** Not to be delivered earlier, so that others of its group can join. */
  readonly notBefore: Instant;
  /** Decided during a target's first sweep: sent in its digest unless CRITICAL. */
  readonly baseline: boolean;
  readonly secretArn: string;
  readonly secretName: string;
  readonly rotationFunctionArn: string | undefined;
  readonly owner: string | undefined;
  /** The group it was last reported in, where that was another one: it is none of that group's members any longer. */
  readonly toldWith?: Company | undefined;
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The code it was last reported under, where that was another one. */
  readonly toldAs?: FindingCode | undefined;
  readonly finding: ExplainedFinding;
  /** Set when the transition is `silenced`. */
  readonly silence: Silence | undefined;
  /** Set when the transition is `resolved`. */
  readonly resolution: Resolution | undefined;
  /** Set on an end that is sent to nobody: it only takes the alert out of the record of its group. */
  readonly unsaid?: boolean | undefined;
}
