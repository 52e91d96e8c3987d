import type { Instant } from '../../../calendar/instant.ts';
import type { SecretSight } from '../../domain/history/secret-sight.ts';
import type { ChangeEntry } from '../../domain/report/change-entry.ts';
import type { RecordedRotation } from '../../domain/report/compute/rotations.ts';
import type { ExceptionRecord } from '../../domain/report/exception-record.ts';
import type { SecretArn, Target } from '../../domain/secret/secret.ts';
import type { PopulationCount, SightPage } from './history-store.ts';

/** The history of one secret, as a monitor has kept it. */
export interface SecretHistory {
  readonly secretArn: SecretArn;
  readonly sight: SecretSight | undefined;
  readonly records: readonly RecordedRotation[];
  /** Oldest first. */
  readonly changes: readonly ChangeEntry[];
}

/** The memory of a monitor that audits need. Failures are `StoreError`s, or `MonitorMemoryError`s of a deployed monitor. */
export interface AuditMemory {
  /** Start of the history of a target; undefined where none is kept. */
  since(target: Target): Promise<Instant | undefined>;
  /** ARNs of the secrets with an open CRITICAL alert. */
  critical(target: Target): Promise<readonly string[]>;
  /** The histories of secrets, in any order. */
  histories(arns: readonly SecretArn[]): Promise<readonly SecretHistory[]>;
  /** A page of the last sights of a target's secrets, those that are gone too. */
  sights(target: Target, after?: string): Promise<SightPage>;
  /** The exceptions of a target's secrets, in any order: those that were only asked for, and those that have ended, too. */
  exceptions(target: Target): Promise<readonly ExceptionRecord[]>;
  /** Numbers of secrets, one a day, oldest first. */
  counts(target: Target, from: Instant, until: Instant): Promise<readonly PopulationCount[]>;
}

/** A question of an audit to a deployed monitor. */
export interface AuditQuestion {
  readonly audit:
    | { readonly ask: 'since' | 'critical' | 'exceptions'; readonly target: Target }
    | { readonly ask: 'histories'; readonly secretArns: readonly string[] }
    | { readonly ask: 'sights'; readonly target: Target; readonly after?: string | undefined }
    | { readonly ask: 'counts'; readonly target: Target; readonly from: number; readonly until: number };
}

/** The answer to such a question, in the field that it asks for. */
export interface AuditAnswer {
  readonly since?: Instant | undefined;
  readonly critical?: readonly string[];
  readonly histories?: readonly SecretHistory[];
  readonly page?: SightPage;
  readonly exceptions?: readonly ExceptionRecord[];
  readonly counts?: readonly PopulationCount[];
}

/**
 * So many secrets in one answer: one that rotates every four hours has 2,400 attempts of some 200 bytes in 400 days, and
 * an answer may have 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MOST_HISTORIES = 10;
