import type { Instant } from '../../../calendar/instant.ts';
import type { SecretSight } from '../../domain/history/secret-sight.ts';
import type { AuditRecord } from '../../domain/report/audit-record.ts';
import type { ChangeEntry } from '../../domain/report/change-entry.ts';
import type { ExceptionRecord } from '../../domain/report/exception-record.ts';
import type { SecretArn, Target } from '../../domain/secret/secret.ts';
import type { WriteOutcome } from './state-store.ts';

/** The secrets of one target as its last complete sweep listed them. */
export interface PopulationRecord extends Target {
  /** The first sweep that kept history: changes before it are unknown. */
  readonly since: Instant;
  /** A sketch of the ARNs that were listed, as `PopulationSketch` keeps it. */
  readonly cells: readonly number[];
  /** The last day whose number of secrets is kept, at midnight UTC. */
  readonly countedOn: Instant;
}

/** The number of secrets of one target at the start of a complete sweep, one a day. */
export interface PopulationCount {
  readonly at: Instant;
  /** Secrets that were listed, those scheduled for deletion left out. */
  readonly secrets: number;
}

/** A page of sights, in no particular order. */
export interface SightPage {
  readonly sights: readonly SecretSight[];
  /** Leads to the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** Keeps changes of secrets for 400 days, also of secrets that are gone. Failures are `StoreError`s. */
export interface HistoryStore {
  /** Recording the same change twice keeps one. */
  recordChange(entry: ChangeEntry): Promise<void>;
  /** The changes of a secret, oldest first. */
  changes(secretArn: string): Promise<readonly ChangeEntry[]>;
  /** The last sight of a secret, by its target and the hash of its ARN. */
  readSight(target: Target, hash: string): Promise<SecretSight | undefined>;
  /** Replaces the last sight; whoever sweeps does so alone. That of a secret that is gone is kept 400 days more. */
  writeSight(sight: SecretSight): Promise<void>;
  /** A page of the sights of a target: the first, or the one that `next` of a page before leads to. */
  sights(target: Target, after?: string): Promise<SightPage>;
  /** Writes an exception with `revision + 1` if the stored revision is still `revision`. */
  writeException(record: ExceptionRecord): Promise<WriteOutcome>;
  /** The exceptions of a target or of one secret, in any order: those that were only asked for, and those that have ended, too. */
  exceptions(of: Target | SecretArn): Promise<readonly ExceptionRecord[]>;
  readPopulation(target: Target): Promise<PopulationRecord | undefined>;
  /** Replaces the record; whoever sweeps does so alone. */
  writePopulation(record: PopulationRecord): Promise<void>;
  /** The scheduled audits of the monitor in this account and region; undefined before the first. */
  readAudits(home: Target): Promise<AuditRecord | undefined>;
  /** Replaces the record; whoever audits does so alone. */
  writeAudits(home: Target, record: AuditRecord): Promise<void>;
  recordCount(target: Target, count: PopulationCount): Promise<void>;
  /** The counts of a target from one moment to another, both included, oldest first. */
  counts(target: Target, from: Instant, until: Instant): Promise<readonly PopulationCount[]>;
}
