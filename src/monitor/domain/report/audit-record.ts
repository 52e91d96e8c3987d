import { DAY, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { ManifestLink } from './manifest.ts';

/** The results of the secrets of one owner, or of all secrets. */
export interface OwnerResult {
  /** Undefined for all secrets together. */
  readonly owner: string | undefined;
  readonly secrets: number;
  /** Secrets of which every control was judged and none failed; one without its parameter does not count. */
  readonly passed: number;
  /** Secrets with a failed control. */
  readonly failed: number;
  /** Other secrets that could not be checked, or have a control that could not be judged. */
  readonly unknown: number;
  /** Other secrets that an exception lets off a control, or that are deleted: they have not passed. */
  readonly skipped: number;
  /** Names and failed controls of the worst secrets, worst first, a line each. */
  readonly worst: readonly string[];
}

/** An audit of the schedule that is not complete yet. */
export interface AuditUnderWay {
  readonly from: Instant;
  readonly to: Instant;
  readonly readAt: Instant;
  /** Files with the rows that were read, in order. */
  readonly parts: readonly ManifestLink[];
  /** Whether all rows were read. */
  readonly isRead: boolean;
  /** Number of invocations that have worked at it. */
  readonly runs: number;
  /** Stands for the version, the rules and the thresholds that all its rows are judged by. */
  readonly basis: string;
}

/** A complete audit of the schedule. */
export interface CompletedAudit {
  readonly from: Instant;
  readonly to: Instant;
  readonly readAt: Instant;
  readonly completedAt: Instant;
  readonly manifest: ManifestLink;
  /** The report that people read. */
  readonly page: ManifestLink;
  /** All secrets first, then owner by owner. */
  readonly results: readonly OwnerResult[];
  /** The results of the audit before; empty for the first. */
  readonly before: readonly OwnerResult[];
  /** Places that could not be read. */
  readonly notRead: number;
  /** Whether its summary was sent. */
  readonly isTold: boolean;
}

/** Memory of the scheduled audits of a deployment. */
export interface AuditRecord {
  readonly last: CompletedAudit | undefined;
  readonly underWay: AuditUnderWay | undefined;
  /** Time when an audit was given up; a later one that completes ends this. */
  readonly gaveUpAt: Instant | undefined;
}

/** History reaches back so far. */
const LONGEST_MS: number = 400 * DAY;
/** Length of the first period. */
const FIRST_MS: number = 30 * DAY;
/** Age at which the rows of an unfinished audit say too little about now, so that a new one begins. */
const STALE_MS: number = DAY;

/** Time that an audit which is due has to complete; then it counts as missed. */
export const AUDIT_GRACE_MS: number = DAY;

/** The record before the first audit. */
export const NO_AUDITS: AuditRecord = { last: undefined, underWay: undefined, gaveUpAt: undefined };

/**
 * The audit to work at now: one that was left half done, or the next. Periods are whole days in UTC and follow each other
 * without a gap. A half-done one with another basis starts over with the same period. Undefined when the last one reaches to
 * the beginning of this day.
 */
export function auditToRun(
  { last, underWay }: AuditRecord,
  now: Instant,
  basis: string,
): AuditUnderWay | undefined {
  const fresh = { readAt: now, parts: [], isRead: false, basis };
  if (underWay !== undefined && now - underWay.readAt < STALE_MS) {
    const runs = underWay.runs + 1;
    return underWay.basis === basis ? { ...underWay, runs } : { ...underWay, ...fresh, runs };
  }
  const to = instant(Math.floor(now / DAY) * DAY);
  if (last !== undefined && last.to >= to) return undefined;
  const from = instant(Math.max(last?.to ?? later(to, -FIRST_MS), to - LONGEST_MS));
  return { from, to, ...fresh, runs: 1 };
}
