import type { Instant } from '../../../calendar/instant.ts';
import type { AuditException } from './audit-exception.ts';
import type { ControlId } from './control.ts';
import type { ControlStatus } from './control-verdict.ts';
import type { SecretAudit } from './secret-audit.ts';

/** The time a report is about, half-open, in UTC. */
export interface AuditPeriod {
  readonly from: Instant;
  /** Not part of the period any longer. */
  readonly to: Instant;
  /** Such as `2026-Q1`; undefined for one given by two dates. */
  readonly label: string | undefined;
}

/** Inputs of the report, so that whoever doubts it can repeat it. */
export interface Provenance {
  readonly period: AuditPeriod;
  readonly readAt: Instant;
  /** Version of this package. */
  readonly version: string;
  /** ARN of who read: the identity that STS shows, or the function. */
  readonly identity: string;
  /** Parameters, thresholds and settings, name → text. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * SHA-256 (hex) of the file of exceptions; where the monitor keeps some, of that hash, a new line and these as JSON.
   */
  readonly exceptionsHash: string;
  /** Time from which history is known; undefined without a deployed monitor. */
  readonly historySince: Instant | undefined;
  /** Size and seed of `--sample`, which chooses so many secrets. */
  readonly sample?: { readonly size: number; readonly seed: string } | undefined;
}

/** Secrets of one account and region over the period: opening + created + restored − deleted = closing. */
export interface Population {
  readonly account: string;
  readonly region: string;
  readonly opening: number | undefined;
  readonly created: number;
  readonly restored: number;
  readonly deleted: number;
  readonly closing: number | undefined;
  /** By how many the rows do not add up; 0 when they do, undefined when the opening or the closing is unknown. */
  readonly difference: number | undefined;
}

/** A place or secret that the report could not cover, and why. */
export interface Uncovered {
  readonly what: string;
  readonly because: string;
}

/** The share of the secrets that was looked at, and the reasons for the rest. */
export interface Coverage {
  readonly checked: number;
  /** The first thousand secrets that could not be checked; the rows name all. */
  readonly unverifiable: readonly Uncovered[];
  /** Number of all secrets that could not be checked. */
  readonly unverifiableCount: number;
  /** Replicas, whose primary is audited where it is, and others that no control is about. */
  readonly excluded: number;
  readonly notSwept: readonly Uncovered[];
  readonly unwatchedPrimaries: readonly Uncovered[];
}

/** Totals at the end of a report, when every secret was read. */
export interface AuditSummary {
  readonly population: readonly Population[];
  readonly coverage: Coverage;
  readonly controls: Readonly<Record<ControlId, Readonly<Record<ControlStatus, number>>>>;
  /** Security Hub's own results, each with its number of secrets; empty where nobody asked. */
  readonly securityHub: Readonly<Partial<Record<ControlId, Readonly<Record<string, number>>>>>;
  /**
   * Sums over all secrets of which something is known, undefined where nothing is; an inferred or unknown part is said in
   * `inferred` and `unknown`.
   */
  readonly totals: {
    readonly secrets: number;
    readonly windowsDue: number | undefined;
    readonly rotationsCompleted: number | undefined;
    readonly windowsMissed: number | undefined;
    readonly failures: number | undefined;
    /** Secrets of which some figure is inferred. */
    readonly inferred: number;
    /** Secrets of which some figure is unknown. */
    readonly unknown: number;
  };
  /** Completed rotations and failures by month of the period, in order; empty where no history shows any. */
  readonly trend: readonly {
    /** First moment of the month, or of the period. */
    readonly from: Instant;
    readonly completed: number;
    readonly failures: number;
  }[];
  /** Exceptions that end within 30 days after the period. */
  readonly expiringExceptions: readonly AuditException[];
  /** Facts that no API shows, such as whether an old credential works, or that none has answered, with the reasons. */
  readonly notVerifiable: readonly Uncovered[];
  /** Operation → calls made for this report. */
  readonly calls: Readonly<Record<string, number>>;
}

/** A report as it is made: its secrets come one by one, so that 10,000 fit into little memory. */
export interface AuditStream {
  readonly provenance: Provenance;
  readonly secrets: AsyncIterable<SecretAudit>;
  /** Resolves when `secrets` has ended. */
  readonly summary: () => Promise<AuditSummary>;
}
