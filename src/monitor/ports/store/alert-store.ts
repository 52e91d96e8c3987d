import type { Instant } from '../../../calendar/instant.ts';
import type { GroupRecord } from '../../domain/alert/group-record.ts';
import type { FunctionInspection } from '../../domain/examine/function-inspection.ts';
import type { SecretArn, Target } from '../../domain/secret/secret.ts';
import type { SecretState, TargetRecord } from '../../domain/state/secret-state.ts';
import type { SweepRecord } from '../../domain/sweep/sweep-result.ts';
import { PortError } from '../failure.ts';

/** Whether a conditional write was made, or somebody else had written first. */
export type WriteOutcome = 'written' | 'conflict';

/** What one rotation event adds to the record of its attempt; adding it twice changes nothing. */
export interface AttemptEntry {
  readonly secretArn: SecretArn;
  /** Undefined when the event did not name its version. */
  readonly versionId: string | undefined;
  readonly eventId: string;
  readonly kind: 'started' | 'failed' | 'succeeded' | 'abandoned';
  /** The step that failed. */
  readonly step: string | undefined;
  readonly at: Instant;
}

/** The record of one rotation, kept 400 days for audits. */
export interface Attempt {
  readonly versionId: string;
  readonly startedAt: Instant | undefined;
  readonly succeededAt: Instant | undefined;
  readonly abandonedAt: Instant | undefined;
  readonly failures: readonly { readonly at: Instant; readonly step: string | undefined }[];
}

/** Remembers what was seen and told. Failures are {@link StoreError}s. */
export interface AlertStore {
  read(subject: string): Promise<SecretState | undefined>;
  /** Writes `state` with `state.revision + 1` if the stored revision is still `state.revision`. */
  write(state: SecretState): Promise<WriteOutcome>;
  /** The states of a target that every sweep has to look at: those with an open alert, or with a replica that is not in sync. May lag a write by a moment. */
  open(target: Target): Promise<readonly SecretState[]>;
  /** The states that have something to say, of all targets. May lag a write by a moment. */
  undelivered(): Promise<readonly SecretState[]>;
  /** Hands the same states over page by page, so that not all of them are held at once; waits for `take`. */
  forEachUndelivered(take: (states: readonly SecretState[]) => Promise<void>): Promise<void>;
  readTarget(target: Target): Promise<TargetRecord | undefined>;
  /** As {@link AlertStore.write}, for a target. */
  writeTarget(record: TargetRecord): Promise<WriteOutcome>;
  /** How the sweeps of a target go. */
  readSweep(target: Target): Promise<SweepRecord | undefined>;
  /** Replaces the record; whoever sweeps does so alone. */
  writeSweep(record: SweepRecord): Promise<void>;
  recordAttempt(entry: AttemptEntry): Promise<void>;
  attempts(arn: SecretArn): Promise<readonly Attempt[]>;
  readGroup(key: string): Promise<GroupRecord | undefined>;
  /** Replaces the record; whoever delivers does so alone. */
  writeGroup(record: GroupRecord): Promise<void>;
  /** The last look at a rotation function, so that runs at the same moment need not look again. */
  readInspection(functionArn: string): Promise<FunctionInspection | undefined>;
  /** Replaces the last look; kept for an hour. */
  writeInspection(inspection: FunctionInspection): Promise<void>;
  /** Takes the lease `name` until `until` for `holder`; false while another holds it. */
  acquireLease(lease: Lease): Promise<boolean>;
  /** Gives the lease back if `holder` still has it. */
  releaseLease(lease: Lease): Promise<void>;
}

/** The right to do something alone for a while. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly now: Instant;
  readonly until: Instant;
}

/** The store could not read or write. */
export class StoreError extends PortError {
  override readonly name = 'StoreError';
}

/** Whether the store refused what it was given and would again, as what is larger than an item may be. */
export const isUnstorable = (error: unknown): error is StoreError =>
  error instanceof StoreError && error.reason === 'invalid';
